// Lines of the report, and the ponds that the cases fill.
#include "verify.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "sim/core/sum.h"
#include "verify_line/line.h"

static void line(verify *v, const char *quantity, double expected, double got, double error,
                 double bound) {
    char name[80];
    (void)snprintf(name, sizeof name, "%s%s", v->name, v->variant);
    const verify_line l = {"flood", name, quantity, expected, got, error, bound};
    v->checked++;
    v->failed += !verify_line_print(&l, v->json);
}

double by_precision(const verify *v, double in_double, double in_single) {
    return v->precision == CT_FLOOD_SINGLE ? in_single : in_double;
}

void verify_near(verify *v, const char *quantity, double expected, double got, double bound) {
    line(v, quantity, expected, got, fabs(got - expected), bound);
}

void verify_at_least(verify *v, const char *quantity, double least, double got) {
    double missing = got >= least ? 0 : least - got; // NaN stays NaN
    line(v, quantity, least, got, missing, 0);
}

ct_err pond_new(const verify *v, pond *out, size_t nx, size_t ny, double cell_m) {
    pond p = {.cells = nx * ny};
    p.bed = ct_calloc(p.cells, sizeof *p.bed);
    p.depth = ct_calloc(p.cells, sizeof *p.depth);
    p.velocity_x = ct_calloc(p.cells, sizeof *p.velocity_x);
    ct_flood_params_init(&p.params);
    p.params.scheme = v->scheme;
    p.params.precision = v->precision;
    p.params.nx = (uint32_t)nx;
    p.params.ny = (uint32_t)ny;
    p.params.cell_m = cell_m;
    p.params.bed_m = p.bed;
    p.params.depth_m = p.depth;
    p.params.velocity_x_ms = p.velocity_x;
    if (!p.bed || !p.depth || !p.velocity_x) {
        pond_free(&p);
        return CT_NOMEM;
    }
    *out = p;
    return CT_OK;
}

void pond_free(pond *p) {
    ct_flood_close(p->flood);
    ct_free(p->bed);
    ct_free(p->depth);
    ct_free(p->velocity_x);
    *p = (pond){0};
}

ct_err pond_open(pond *p) {
    ct_flood *flood;
    CT_TRY(ct_flood_open(&flood, &p->params));
    ct_flood_close(p->flood);
    p->flood = flood;
    return CT_OK;
}

double pond_volume_m3(const pond *p) {
    const double *h = ct_flood_get(p->flood, CT_FLOOD_DEPTH);
    ct_sum sum = {0};
    for (size_t i = 0; i < p->cells; i++) ct_sum_add(&sum, h[i]);
    return ct_sum_value(&sum) * p->params.cell_m * p->params.cell_m;
}

double pond_max(const pond *p, ct_flood_array which) {
    const double *values = ct_flood_get(p->flood, which);
    double top = -HUGE_VAL;
    for (size_t i = 0; i < p->cells; i++) top = fmax(top, values[i]);
    return top;
}

double pond_min(const pond *p, ct_flood_array which) {
    const double *values = ct_flood_get(p->flood, which);
    double low = HUGE_VAL;
    for (size_t i = 0; i < p->cells; i++) low = fmin(low, values[i]);
    return low;
}

double pond_x_m(const pond *p, size_t cell) {
    return ((double)(cell % p->params.nx) + 0.5) * p->params.cell_m;
}

double mean_error(const double *got, const double *exact, size_t n) {
    ct_sum sum = {0};
    for (size_t i = 0; i < n; i++) ct_sum_add(&sum, fabs(got[i] - exact[i]));
    return ct_sum_value(&sum) / (double)n;
}

double order_of(const double *cells, const double *errors, size_t n) {
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mean_x += log(cells[i]) / (double)n;
        mean_y += log(errors[i]) / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (log(cells[i]) - mean_x) * (log(cells[i]) - mean_x);
        xy += (log(cells[i]) - mean_x) * (log(errors[i]) - mean_y);
    }
    return -xy / xx;
}
