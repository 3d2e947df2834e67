// The two forms of a line.
#include "verify_line/line.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/jsonw.h"

static void print_json(const verify_line *l, bool ok) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 8192);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "suite", l->suite);
    ct_jsonw_kv_string(&w, "case", l->name);
    ct_jsonw_kv_string(&w, "quantity", l->quantity);
    ct_jsonw_kv_double(&w, "expected", l->expected);
    ct_jsonw_kv_double(&w, "got", l->got);
    ct_jsonw_kv_double(&w, "error", l->error);
    ct_jsonw_kv_double(&w, "bound", l->bound);
    ct_jsonw_kv_bool(&w, "ok", ok);
    ct_jsonw_end_object(&w);
    if (ct_buf_status(&text) == CT_OK) puts(text.data);
    ct_buf_fini(&text);
}

bool verify_line_print(const verify_line *l, bool json) {
    const bool ok = l->error <= l->bound; // false for NaN
    if (json)
        print_json(l, ok);
    else
        printf("%-34s %-42s %12.6g %12.6g %10.3g %10.3g %s\n", l->name, l->quantity, l->expected,
               l->got, l->error, l->bound, ok ? "ok" : "OUT OF BOUND");
    (void)fflush(stdout);
    return ok;
}
