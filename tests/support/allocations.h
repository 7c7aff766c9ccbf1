// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Counts every allocation of the program by standing in for the C library's malloc, which operator new and
// Eigen call, too. To be included by one source file of a test. A sanitizer has a malloc of its own: there is
// no count then, and countAllocations() says so with -1.

#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)

namespace kappascope::test {
template<class Work>
long countAllocations(Work&& work) {
    work();
    return -1;
}
} // namespace kappascope::test

#else

namespace kappascope::test::detail {
inline thread_local long allocations = 0;
}

extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;

void* malloc(std::size_t size) noexcept {
    ++kappascope::test::detail::allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    ++kappascope::test::detail::allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
    ++kappascope::test::detail::allocations;
    return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    ++kappascope::test::detail::allocations;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** place, std::size_t alignment, std::size_t size) noexcept {
    ++kappascope::test::detail::allocations;
    *place = __libc_memalign(alignment, size);
    return *place ? 0 : 12; // ENOMEM
}
}

namespace kappascope::test {

/// How often this thread allocates while work() runs.
template<class Work>
long countAllocations(Work&& work) {
    const long before = detail::allocations;
    work();
    return detail::allocations - before;
}

} // namespace kappascope::test

#endif
