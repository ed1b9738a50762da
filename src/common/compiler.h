/* Hints for the compiler, which change no result. */
#ifndef PS_COMPILER_H
#define PS_COMPILER_H

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* What is seldom called stays out of its caller, which so saves no registers for it. */
#define NOINLINE __attribute__((noinline))

/* A variable of the library's own, which its code reads without a table of addresses. */
#ifdef __ELF__
#define HIDDEN __attribute__((visibility("hidden")))
#else
#define HIDDEN
#endif

#endif
