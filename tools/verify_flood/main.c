// verify_flood [--json]: the flood engine against exact solutions; one line a checked quantity;
// exit 1 if any is out of its bound.
#include <stdio.h>
#include <string.h>

#include "verify.h"

// Every case with one scheme and precision.
static ct_err run_all(verify *v) {
    ct_err (*const cases[])(verify *) = {verify_rest,        verify_dam_break, verify_volume,
                                         verify_steady,      verify_channel,   verify_rain,
                                         verify_oscillation, verify_reservoir, verify_garage};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) CT_TRY(cases[i](v));
    return CT_OK;
}

int main(int argc, char **argv) {
    verify v = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") != 0) {
            fprintf(stderr, "usage: verify_flood [--json]\n");
            return 2;
        }
        v.json = true;
    }
    if (!v.json) {
        printf("%-34s %-42s %12s %12s %10s %10s\n", "case", "quantity", "expected", "got", "error",
               "bound");
    }
    const verify variants[] = {
        {.scheme = CT_FLOOD_FIRST_ORDER, .precision = CT_FLOOD_DOUBLE, .variant = ""},
        {.scheme = CT_FLOOD_SECOND_ORDER, .precision = CT_FLOOD_DOUBLE, .variant = ", 2nd"},
        {.scheme = CT_FLOOD_SECOND_ORDER, .precision = CT_FLOOD_SINGLE, .variant = ", single"},
    };
    v.variant = "";
    ct_err err = verify_storage(&v);
    if (err != CT_OK) {
        fprintf(stderr, "verify_flood: %s: %s\n", v.name, ct_err_message());
        return ct_err_exit_code(err);
    }
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        v.scheme = variants[i].scheme;
        v.precision = variants[i].precision;
        v.variant = variants[i].variant;
        err = run_all(&v);
        if (err != CT_OK) {
            fprintf(stderr, "verify_flood: %s%s: %s\n", v.name, v.variant, ct_err_message());
            return ct_err_exit_code(err);
        }
    }
    if (!v.json) printf("flood: %d quantities checked, %d out of bounds\n", v.checked, v.failed);
    return v.failed > 0;
}
