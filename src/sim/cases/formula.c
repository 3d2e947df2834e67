// Formulas: the passage to muParser's C interface.
#include "sim/cases/formula.h"

#include <math.h>
#include <muParserDLL.h>
#include <string.h>

#include "base/mem.h"

#define MAX_VARIABLES 4

struct ct_formula {
    muParserHandle_t parser;
    double values[MAX_VARIABLES];
    size_t n;
    char *text;
};

// muParser prints errors to stdout where no handler is set; they are asked for by mupError instead.
static void keep_quiet(muParserHandle_t parser) {
    (void)parser;
}

static ct_err refuse(const ct_formula *f) {
    const ct_err err = ct_fail(CT_PARSE, "\"%.200s\": %.200s", f->text, mupGetErrorMsg(f->parser));
    mupErrorReset(f->parser);
    return err;
}

static ct_err prepare(ct_formula *f, const char *text, const char *const *names) {
    f->text = ct_strdup(text);
    f->parser = mupCreate(muBASETYPE_FLOAT);
    if (!f->text || !f->parser) return ct_fail(CT_NOMEM, "out of memory");
    mupSetErrorHandler(f->parser, keep_quiet);
    mupDefineConst(f->parser, "pi", 3.14159265358979323846);
    mupDefineConst(f->parser, "e", 2.71828182845904523536);
    for (size_t i = 0; i < f->n; i++) mupDefineVar(f->parser, names[i], &f->values[i]);
    mupSetExpr(f->parser, text);
    if (!mupError(f->parser)) (void)mupEval(f->parser); // it parses at the first evaluation
    return mupError(f->parser) ? refuse(f) : CT_OK;
}

ct_err ct_formula_new(ct_formula **out, const char *text, const char *const *names, size_t n) {
    if (n > MAX_VARIABLES) return ct_fail(CT_ARG, "a formula has up to %d names", MAX_VARIABLES);
    if (strlen(text) > CT_FORMULA_MAX_BYTES) {
        return ct_fail(CT_LIMIT, "a formula of more than %d bytes", CT_FORMULA_MAX_BYTES);
    }
    ct_formula *f = ct_calloc(1, sizeof *f);
    if (!f) return CT_NOMEM;
    f->n = n;
    const ct_err err = prepare(f, text, names);
    if (err != CT_OK) {
        ct_formula_free(f);
        return err;
    }
    *out = f;
    return CT_OK;
}

void ct_formula_free(ct_formula *formula) {
    if (!formula) return;
    if (formula->parser) mupRelease(formula->parser);
    ct_free(formula->text);
    ct_free(formula);
}

ct_err ct_formula_at(double *out, ct_formula *formula, const double *values) {
    memcpy(formula->values, values, formula->n * sizeof *values);
    const double value = mupEval(formula->parser);
    if (mupError(formula->parser)) return refuse(formula);
    if (!isfinite(value))
        return ct_fail(CT_RANGE, "\"%.200s\" is not a finite number", formula->text);
    *out = value;
    return CT_OK;
}
