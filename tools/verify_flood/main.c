// verify_flood [--json]: the flood engine against exact solutions; one line a checked quantity;
// exit 1 if any is out of its bound.
#include <stdio.h>
#include <string.h>

#include "verify.h"

int main(int argc, char **argv) {
    verify v = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") != 0) {
            fprintf(stderr, "usage: verify_flood [--json]\n");
            return 2;
        }
        v.json = true;
    }
    ct_err (*const cases[])(verify *) = {verify_rest,     verify_dam_break, verify_volume,
                                         verify_steady,   verify_rain,      verify_oscillation,
                                         verify_reservoir};
    if (!v.json) {
        printf("%-34s %-42s %12s %12s %10s %10s\n", "case", "quantity", "expected", "got", "error",
               "bound");
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ct_err err = cases[i](&v);
        if (err != CT_OK) {
            fprintf(stderr, "verify_flood: %s: %s\n", v.name, ct_err_message());
            return ct_err_exit_code(err);
        }
    }
    if (!v.json) printf("flood: %d quantities checked, %d out of bounds\n", v.checked, v.failed);
    return v.failed > 0;
}
