/* Words for the compiler that every header of the house uses.
 *
 * Purpose   Says in one place how a function tells that its code must be looked at, how formats are
 *           checked, and how headers open for C++.
 */
#ifndef MT_BASE_ATTR_H
#define MT_BASE_ATTR_H

#ifdef __cplusplus
#define MT_BEGIN_DECLS extern "C" {
#define MT_END_DECLS   }
#else
#define MT_BEGIN_DECLS
#define MT_END_DECLS
#endif

/* The caller must use the result. */
#define MT_MUST_USE __attribute__((warn_unused_result))

/* Exported from libmerit; everything else is hidden. */
#define MT_API __attribute__((visibility("default")))

/* Argument `f` is a printf format, its values start at argument `a` (0: a va_list). */
#define MT_PRINTF(f, a) __attribute__((format(printf, f, a)))

#endif
