/* Elementary functions that give the same bits on every machine.
 *
 * Purpose   libm's exp, log and sin differ in their last bit between systems; what is written to a file from
 *           a seed must not. These use + - * / and sqrt only, which IEEE 754 defines to the last bit.
 * Units     Angles in turns (1 = a full circle), so that reduction is exact.
 * Shapes    exp: |x| <= 700, beyond that 0 or the largest double. log: x > 0, normal numbers. Turns: |x| <=
 *           1e9.
 * Errors    None; arguments outside the shapes give a finite, unspecified number.
 * Threads   Pure functions.
 * Cost      About 5 to 10 ns each; relative error below 4e-15 (absolute for sine and cosine).
 * Source    Argument reduction and series after W. J. Cody and W. Waite, "Software Manual for the Elementary
 *           Functions" (1980); written anew.
 * Note      A source file that promises equal bits starts with MT_SAME_BITS: it forbids fusing a*b+c into one
 *           rounding. clang needs to be told; gcc does not fuse in ISO C mode (-std=c17, which the build
 *           sets). Options that force it (-ffast-math, -ffp-contract=fast) break the promise, and rng_test.c
 *           says so.
 */
#ifndef MT_NUM_PORTABLE_H
#define MT_NUM_PORTABLE_H

#include "base/attr.h"

#ifdef __clang__
#define MT_SAME_BITS _Pragma("STDC FP_CONTRACT OFF")
#else
#define MT_SAME_BITS
#endif

MT_BEGIN_DECLS

MT_API double mt_portable_exp(double x);
MT_API double mt_portable_log(double x);
MT_API double mt_portable_sin_turns(double turns);
MT_API double mt_portable_cos_turns(double turns);

/* The nearest multiple of 1/per_unit, half away from zero: (2.346, 100) -> 2.35. */
MT_API double mt_portable_round(double x, double per_unit);

MT_END_DECLS
#endif
