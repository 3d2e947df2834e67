// verify_drains [--json]: the drain engine against exact solutions; one line a checked quantity;
// exit 1 if any is out of its bound.
#include <stdio.h>
#include <string.h>

#include "verify.h"

int main(int argc, char **argv) {
    verify v = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") != 0) {
            fprintf(stderr, "usage: verify_drains [--json]\n");
            return 2;
        }
        v.json = true;
    }
    ct_err (*const cases[])(verify *) = {verify_sections,   verify_uniform,     verify_profiles,
                                         verify_pressure,   verify_oscillation, verify_filling,
                                         verify_structures, verify_surface,     verify_rest};
    if (!v.json) {
        printf("%-34s %-42s %12s %12s %10s %10s\n", "case", "quantity", "expected", "got", "error",
               "bound");
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ct_err err = cases[i](&v);
        if (err != CT_OK) {
            fprintf(stderr, "verify_drains: %s: %s\n", v.name, ct_err_message());
            return ct_err_exit_code(err);
        }
    }
    if (!v.json) printf("drains: %d quantities checked, %d out of bounds\n", v.checked, v.failed);
    return v.failed > 0;
}
