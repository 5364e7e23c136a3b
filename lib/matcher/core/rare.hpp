// Holds a value that most objects of its kind lack: empty, it takes 8 bytes.
#pragma once

#include <memory>

namespace matcher {

/// Owns a T, copied with it. Without one it reads as a default T.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }

  const T& get() const {
    static const T none{};
    return value_ ? *value_ : none;
  }

  const T* operator->() const { return &get(); }

  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace matcher
