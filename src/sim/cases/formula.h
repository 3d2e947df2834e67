// Formulas of a case file, such as "10.7 - x / 200" or "t < 60 ? 0.5 * t : 30": a text over named
// variables, evaluated in double precision by the library muParser.
//
// Operators + - * / ^, comparisons, && ||, cond ? a : b; functions sin cos tan asin acos atan atan2
// sinh cosh tanh exp log (natural) log10 sqrt abs min max and others of muParser's; constants pi
// and e.
#ifndef CT_SIM_CASES_FORMULA_H
#define CT_SIM_CASES_FORMULA_H

#include <stddef.h>

#include "cimtwin/err.h"

#define CT_FORMULA_MAX_BYTES 4096

typedef struct ct_formula ct_formula; // one thread at a time

// `names`: n variables. CT_PARSE with muParser's reason, CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_formula_new(ct_formula **out, const char *text, const char *const *names,
                                 size_t n);
void ct_formula_free(ct_formula *formula); // NULL is fine

// Its value where the variables have `values`, in the order of their names; CT_RANGE where it is
// not finite.
CT_CHECKED ct_err ct_formula_at(double *out, ct_formula *formula, const double *values);

#endif
