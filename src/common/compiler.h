/* Hints for the compiler, which change no result. */
#ifndef PS_COMPILER_H
#define PS_COMPILER_H

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

/* What is seldom called stays out of its caller, which so saves no registers for it. */
#define NOINLINE __attribute__((noinline))

/* What is on a fast path stays in it, also where slower ones have it, too. (A build that counts
 * branches wants each of them once.) */
#ifndef PS__ALWAYS_INLINE
#define PS__ALWAYS_INLINE inline __attribute__((always_inline))
#endif
#define ALWAYS_INLINE PS__ALWAYS_INLINE

/* A variable that each thread has. What programs load while they run may use the storage that they
 * are begun with: glibc keeps some of it for that, others do not. */
#if PS__IS_GLIBC
#define THREAD_LOCAL __attribute__((tls_model("initial-exec"))) _Thread_local
#else
#define THREAD_LOCAL _Thread_local
#endif

/* A variable of the library's own, which its code reads without a table of addresses. */
#ifdef __ELF__
#define HIDDEN __attribute__((visibility("hidden")))
#else
#define HIDDEN
#endif

#endif
