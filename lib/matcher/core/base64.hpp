// Encodes bytes as text (RFC 4648, section 4).
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace matcher {

void append_base64(std::string& out, std::span<const std::byte> bytes);

}  // namespace matcher
