// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

// Counts what the calling thread takes from the heap, by standing in front of the C library's allocator for
// this program (glibc). To be included by the one source of a test program. Sanitizers have allocators of
// their own: there `counted` is false and a test skips itself.

namespace kappascope::test {

inline thread_local std::size_t allocations = 0;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
inline constexpr bool counted = false;
#else
inline constexpr bool counted = true;
#endif

} // namespace kappascope::test

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)

extern "C" {

void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;

void* malloc(std::size_t size) noexcept {
    ++kappascope::test::allocations;
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
    ++kappascope::test::allocations;
    return __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) noexcept {
    ++kappascope::test::allocations;
    return __libc_realloc(block, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    ++kappascope::test::allocations;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
    ++kappascope::test::allocations;
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : 12; // ENOMEM
}

} // extern "C"

#endif
