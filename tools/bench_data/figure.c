// The line of JSON that tells a figure.
#include "bench_data/figure.h"

#include <math.h>
#include <stdio.h>

#include "base/jsonw.h"

void print_figure(const char *bench, const char *metric, double value, const char *unit,
                  double goal, bool lower, double peer) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 4096);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "bench", bench);
    ct_jsonw_kv_string(&w, "metric", metric);
    ct_jsonw_key(&w, "value");
    ct_jsonw_fixed(&w, value, value < 10 ? 4 : value < 1000 ? 2 : 0);
    ct_jsonw_kv_string(&w, "unit", unit);
    ct_jsonw_kv_double(&w, "goal", goal);
    ct_jsonw_kv_double(&w, "peer", peer);
    ct_jsonw_kv_bool(&w, "ok", isnan(goal) || (lower ? value <= goal : value >= goal));
    ct_jsonw_end_object(&w);
    ct_buf_putc(&text, '\n');
    if (ct_buf_status(&text) == CT_OK) fputs(text.data, stdout);
    fflush(stdout);
    ct_buf_fini(&text);
}
