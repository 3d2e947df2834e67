// verify_shapes [--json] [--cases]: shapes of IFC against formulas; lines for each family of
// shapes; exit 1 if any is out of its bound. --cases prints each case on stderr, not only the wrong
// ones.
#include <stdio.h>
#include <string.h>

#include "verify.h"

int main(int argc, char **argv) {
    verify v = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            v.json = true;
        } else if (strcmp(argv[i], "--cases") == 0) {
            v.cases = true;
        } else {
            fprintf(stderr, "usage: verify_shapes [--json] [--cases]\n");
            return 2;
        }
    }
    ct_buf_init(&v.text, 1 << 20);
    if (!v.json)
        printf("%-34s %-42s %12s %12s %10s %10s\n", "case", "quantity", "expected", "got", "error",
               "bound");
    verify_profiles(&v);
    verify_sweeps(&v);
    verify_booleans(&v);
    verify_half_spaces(&v);
    verify_openings(&v);
    verify_advanced(&v);
    verify_lines(&v);
    ct_buf_fini(&v.text);
    if (!v.json) printf("shapes: %d quantities checked, %d out of bounds\n", v.checked, v.failed);
    return v.failed > 0;
}
