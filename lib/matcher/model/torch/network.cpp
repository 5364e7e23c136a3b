#include "matcher/model/torch/network.hpp"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/mman.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>
#include <torch/csrc/jit/serialization/export.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/model/torch/operators.hpp"

namespace matcher::model {
namespace {

/// LibTorch writes its warnings to stderr; a library does not print.
#if TORCH_VERSION_MAJOR >= 2
namespace torch_warnings = c10::WarningUtils;
struct Silence : c10::WarningHandler {
  void process(const c10::Warning&) override {}
};
#else
namespace torch_warnings = c10::Warning;
struct Silence : c10::WarningHandler {
  void process(const c10::SourceLocation&, const std::string&, const bool) override {}
};
#endif

/// How everything here is run: without gradients, without warnings, and with the graph as it was written, because the
/// profiling executor rewrites it after the first calls, which changes the last digits from one batch to the next.
class Quietly {
 private:
  Silence silence_;
  torch_warnings::WarningHandlerGuard warnings_{&silence_};
  c10::InferenceMode inference_;
};

/// The line that says it: after the interpreter's stack where there is one, and before LibTorch's own.
std::string reason_of(const std::exception& error) {
  const auto* own = dynamic_cast<const c10::Error*>(&error);
  const std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
  constexpr std::string_view mark = "RuntimeError: ";
  const auto marked = text.rfind(mark);
  const auto start = text.find_first_not_of(" \n", marked == std::string::npos ? 0 : marked + mark.size());
  if (start == std::string::npos) return "no reason given";
  auto reason = text.substr(start, text.find('\n', start) - start);
  while (reason.ends_with('.')) reason.pop_back();
  return reason;
}

bool is_out_of_memory(const std::string& reason) {
  return reason.find("out of memory") != std::string::npos || reason.find("t allocate memory") != std::string::npos;
}

/// Runs `work`; what LibTorch throws becomes an Error with the code `code` and a message of `say(reason)`.
template <typename Work, typename Say>
auto guarded(ErrorCode code, const Work& work, const Say& say) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    const auto reason = reason_of(error);
    throw Error(is_out_of_memory(error.what()) ? ErrorCode::resource : code, say(reason));
  }
}

bool built_with_cuda() { return at::CUDAHooksRegistry()->Has("CUDAHooks"); }

int gpu_count() { return built_with_cuda() ? at::detail::getCUDAHooks().getNumGPUs() : 0; }

[[noreturn]] void fail_device(Device device) {
  const auto why = built_with_cuda() ? fmt::format("this LibTorch sees {} GPUs", gpu_count())
                                     : std::string("this LibTorch was built without CUDA");
  throw Error(ErrorCode::resource,
              fmt::format("device {} is not available: {}; use --device cpu", to_string(device), why));
}

Device resolve(Device device) {
  if (device.kind == Device::Kind::automatic)
    return gpu_count() > 0 ? Device{Device::Kind::cuda, 0} : Device{Device::Kind::cpu, 0};
  if (device.kind == Device::Kind::cuda && device.index >= gpu_count()) fail_device(device);
  return device;
}

Precision resolve(Precision precision, Precision stored, Device device) {
  if (precision == Precision::automatic) return device.kind == Device::Kind::cuda ? stored : Precision::fp32;
  if (precision == Precision::fp16 && device.kind == Device::Kind::cpu) {
    throw Error(ErrorCode::resource,
                "precision fp16 needs a GPU, but the device is cpu; use --precision bf16 or --precision fp32");
  }
  return precision;
}

at::Device torch_device(Device device) {
  return device.kind == Device::Kind::cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index))
                                           : at::Device(at::kCPU);
}

at::ScalarType torch_type(Precision precision) {
  if (precision == Precision::bf16) return at::kBFloat16;
  return precision == Precision::fp16 ? at::kHalf : at::kFloat;
}

/// fp32 means 32 bits: TF32 and the choice of kernels by stopwatch are off.
void make_deterministic(int threads) {
  static const int all_cores = at::get_num_threads();
  at::set_num_threads(threads > 0 ? threads : all_cores);
  auto& context = at::globalContext();
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(true);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

at::ScalarType torch_type(ElementType type) {
  if (type == ElementType::fp16) return at::kHalf;
  return type == ElementType::bf16 ? at::kBFloat16 : at::kFloat;
}

/// Gives the whole pages of mapped bytes back, so that a file in 16 bits does not lie in memory beside its copy.
void release(std::span<const std::byte> bytes) {
  const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto start = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) / page * page;
  if (start < end) ::madvise(reinterpret_cast<void*>(start), end - start, MADV_DONTNEED);
}

/// Not a copy, unless it has to be made wider.
at::Tensor to_tensor(const Weight& weight) {
  auto* bytes = const_cast<std::byte*>(weight.bytes.data());
  const auto type = torch_type(weight.type);
  // Mapped bytes need not begin where a number may; then they are copied.
  const bool aligned = reinterpret_cast<std::uintptr_t>(bytes) % at::elementSize(type) == 0;
  if (aligned && type == at::kFloat) return torch::from_blob(bytes, weight.shape, type);
  auto copy = torch::empty(weight.shape, type);
  std::memcpy(copy.data_ptr(), bytes, weight.bytes.size());
  if (weight.mapped) release(weight.bytes);
  return copy.to(at::kFloat);
}

torch::jit::Module build_part(const std::string& type, const std::shared_ptr<torch::jit::CompilationUnit>& unit,
                              const Blueprint& blueprint) {
  torch::jit::Module module(type, unit);
  for (const auto& weight : blueprint.weights) module.register_parameter(weight.name, to_tensor(weight), false);
  for (const auto& [name, part] : blueprint.parts)
    module.register_module(name, build_part(type + '.' + name, unit, part));
  module.define(blueprint.source);
  return module;
}

torch::jit::Module read_module(const NetworkRequest& request) {
  if (request.blueprint != nullptr) return build(request.name, *request.blueprint);
  try {
    return torch::jit::load(request.file.string(), at::kCPU);
  } catch (const std::exception& error) {
    const auto needs = missing_operator(error.what());
    if (is_out_of_memory(error.what()))
      throw Error(ErrorCode::resource,
                  fmt::format("there is no memory for {}: {}", request.file.string(), reason_of(error)));
    throw Error(
        ErrorCode::input,
        fmt::format("{} is not a TorchScript file that LibTorch {} reads: {}; export it again with an older "
                    "PyTorch, or build matcher with a newer LibTorch",
                    request.file.string(), TORCH_VERSION, needs.empty() ? reason_of(error) : "it calls " + needs));
  }
}

std::string shape_of(const at::Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")); }

/// What a module returned, in words.
std::string describe(const c10::IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    return fmt::format("a tensor {} of {}", shape_of(tensor), c10::toString(tensor.scalar_type()));
  }
  if (value.isTuple()) return fmt::format("a tuple of {} values", value.toTupleRef().elements().size());
  if (value.isGenericDict()) return fmt::format("a dictionary of {} values", value.toGenericDict().size());
  return fmt::format("a value of type {}", value.type()->repr_str());
}

/// ": a, b" for the keys of a dictionary, ": 0 to 2" for a tuple or list, "" for anything else.
std::string choices(const c10::IValue& value) {
  if (value.isTuple()) return fmt::format(": 0 to {}", value.toTupleRef().elements().size() - 1);
  if (value.isTensorList()) return fmt::format(": 0 to {}", value.toTensorList().size() - 1);
  if (value.isList()) return fmt::format(": 0 to {}", value.toListRef().size() - 1);
  if (!value.isGenericDict()) return {};
  std::vector<std::string> keys;
  for (const auto& entry : value.toGenericDict())
    keys.push_back(entry.key().isString() ? entry.key().toStringRef() : "?");
  std::ranges::sort(keys);
  return fmt::format(": {}", fmt::join(keys, ", "));
}

/// The element of a dictionary, tuple or list under a key or number, nothing when it is not there.
std::optional<c10::IValue> element(const c10::IValue& value, const std::string& key) {
  if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      if (entry.key().isString() && entry.key().toStringRef() == key) return entry.value();
    }
    return std::nullopt;
  }
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
  if (value.isTuple() && number < value.toTupleRef().elements().size()) return value.toTupleRef().elements()[number];
  if (value.isTensorList() && number < value.toTensorList().size())
    return c10::IValue(value.toTensorList().get(number));
  if (value.isList() && number < value.toListRef().size()) return value.toListRef()[number];
  return std::nullopt;
}

class TorchNetwork : public Network {
 public:
  explicit TorchNetwork(const NetworkRequest& request)
      : name_(request.name),
        size_(request.size),
        output_(request.output),
        pooling_(request.pooling),
        device_(resolve(request.options.device)),
        precision_(resolve(request.options.precision, request.stored, device_)) {
    const Quietly quietly;
    make_deterministic(request.options.threads);
    module_ = read_module(request);
    module_.eval();
    guarded(
        ErrorCode::mismatch, [&] { module_.to(torch_device(device_), torch_type(precision_)); },
        [&](const std::string& reason) {
          return fmt::format("model \"{}\" cannot be put on {} in {}: {}; use --device cpu --precision fp32", name_,
                             to_string(device_), to_string(precision_), reason);
        });
  }

  Device device() const override { return device_; }
  Precision precision() const override { return precision_; }

  Matrix run(MatrixView pictures) override {
    const Quietly quietly;
    return guarded(
        ErrorCode::mismatch, [&] { return to_matrix(forward(to_tensor(pictures)), pictures.rows); },
        [&](const std::string& reason) { return explain(pictures.rows, reason); });
  }

  std::size_t text_length() const override {
    const bool reads = module_.find_method("encode_text") && module_.hasattr("text_positions");
    return reads ? std::size_t(module_.attr("text_positions").toTensor().size(0)) : 0;
  }

  Matrix run_texts(std::span<const std::int64_t> ids) override {
    const Quietly quietly;
    const auto length = std::int64_t(text_length()), n = std::int64_t(ids.size()) / length;
    return guarded(
        ErrorCode::mismatch,
        [&] {
          const auto tokens = torch::from_blob(const_cast<std::int64_t*>(ids.data()), {n, length}, at::kLong);
          const torch::jit::GraphOptimizerEnabledGuard as_written(false);
          const auto vectors = module_.get_method("encode_text")({tokens.to(torch_device(device_))});
          return to_matrix(vectors.toTensor());
        },
        [&](const std::string& reason) {
          return fmt::format("model \"{}\" does not take texts [{}, {}] in {} ({}); export it again", name_, n, length,
                             to_string(precision_), reason);
        });
  }

  void save(Precision precision, const Records& records, const Writer& write) override {
    const Quietly quietly;
    std::exception_ptr failure;  // LibTorch's C code in between is no place for an exception
    const auto pass_on = [&](const void* data, std::size_t size) -> std::size_t {
      try {
        if (!failure) write({static_cast<const std::byte*>(data), size});
      } catch (...) {
        failure = std::current_exception();
      }
      return failure ? 0 : size;
    };
    guarded(
        ErrorCode::resource,
        [&] {
          module_.to(at::kCPU, torch_type(precision));
          try {
            torch::jit::ExportModule(module_, pass_on, records);
          } catch (...) {
            if (failure) std::rethrow_exception(failure);
            throw;
          }
          if (failure) std::rethrow_exception(failure);
        },
        [&](const std::string& reason) { return fmt::format("model \"{}\" cannot be written: {}", name_, reason); });
  }

 private:
  at::Tensor to_tensor(MatrixView pictures) const {
    const auto shape = {std::int64_t(pictures.rows), std::int64_t(3), std::int64_t(size_.height),
                        std::int64_t(size_.width)};
    return torch::from_blob(const_cast<float*>(pictures.data), shape, at::kFloat)
        .to(torch_device(device_), torch_type(precision_));
  }

  c10::IValue forward(const at::Tensor& pictures) {
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    return module_.forward({pictures});
  }

  [[noreturn]] void fail_output(const c10::IValue& output, std::size_t n, const std::string& next) const {
    throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns {} for {} {}, {}", name_, describe(output), n,
                                                 n == 1 ? "picture" : "pictures", next));
  }

  /// Goes down the keys and numbers of `output`.
  c10::IValue select(c10::IValue value, std::size_t n) const {
    for (std::size_t at = 0; at < output_.size();) {
      const auto end = std::min(output_.find('.', at), output_.size());
      const auto step = output_.substr(at, end - at);
      auto found = element(value, step);
      if (!found)
        fail_output(value, n,
                    fmt::format("which has no \"{}\"; correct \"output\" in its description{}", step, choices(value)));
      value = *std::move(found);
      at = end + 1;
    }
    return value;
  }

  at::Tensor pool(const at::Tensor& tokens) const {
    if (pooling_ == Pooling::cls) return tokens.select(1, 0);
    return tokens.slice(1, 1).mean(1);
  }

  Matrix to_matrix(const c10::IValue& returned, std::size_t n) const {
    const auto output = select(returned, n);
    const int rank = pooling_ == Pooling::none ? 2 : 3;
    if (!output.isTensor() || output.toTensor().dim() != rank || !output.toTensor().is_floating_point())
      fail_output(output, n, wanted(output));
    return to_matrix(pooling_ == Pooling::none ? output.toTensor() : pool(output.toTensor()));
  }

  static Matrix to_matrix(const at::Tensor& tensor) {
    const auto vectors = tensor.to(at::kCPU, at::kFloat).contiguous();
    Matrix matrix(std::size_t(vectors.size(0)), std::size_t(vectors.size(1)));
    std::copy_n(vectors.data_ptr<float>(), matrix.data.size(), matrix.data.begin());
    return matrix;
  }

  std::string wanted(const c10::IValue& output) const {
    if (pooling_ != Pooling::none) {
      return fmt::format(
          "but pooling {} needs a float tensor [n, t, d] of tokens; correct \"pooling\" or \"output\" in its "
          "description",
          pooling_ == Pooling::cls ? "cls" : "mean");
    }
    const std::string need = "but matcher needs a float tensor [n, d]; ";
    if (output.isTensor() && output.toTensor().dim() == 3 && output.toTensor().is_floating_point())
      return need + "for tokens say \"pooling: cls\" or \"pooling: mean\" in its description";
    if (!choices(output).empty()) return need + "say which with \"output\" in its description" + choices(output);
    return need + "export it with pooled features as its only output";
  }

  std::string explain(std::size_t n, const std::string& reason) const {
    if (is_out_of_memory(reason)) {
      return fmt::format(
          "model \"{}\" ran out of memory on {} with {} pictures at once ({}); use a smaller "
          "--batch-size",
          name_, to_string(device_), n, reason);
    }
    return fmt::format(
        "model \"{}\" does not take pictures [{}, 3, {}, {}] in {} ({}); correct \"preprocess\" in its "
        "description, or export the model for this size",
        name_, n, size_.height, size_.width, to_string(precision_), reason);
  }

  std::string name_;
  image::Size size_;
  std::string output_;
  Pooling pooling_;
  Device device_;
  Precision precision_;
  torch::jit::Module module_;
};

}  // namespace

torch::jit::Module build(const std::string& name, const Blueprint& blueprint) {
  std::string type = "__torch__.net_";  // a name may begin with a digit, or be a word of Python
  for (const char c : name) type += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return guarded(
      ErrorCode::unexpected,
      [&] { return build_part(type, std::make_shared<torch::jit::CompilationUnit>(), blueprint); },
      [&](const std::string& reason) {
        return fmt::format("the network of \"{}\" does not compile with LibTorch {}: {}", name, TORCH_VERSION, reason);
      });
}

std::unique_ptr<Network> load_network(const NetworkRequest& request) { return std::make_unique<TorchNetwork>(request); }

}  // namespace matcher::model
