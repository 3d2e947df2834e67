// cimtwin version: of the program and of what its files and results depend on.
#include "cli/command.h"
#include "sim/domain/flood_domain.h"
#include "sim/flood/engine.h"

static ct_err run(const ct_args *args) {
    if (ct_args_has(args, "json"))
        printf("{\"cimtwin\":\"%s\",\"schema\":%d,\"engines\":{\"flood\":\"%s\"}}\n", CT_VERSION,
               CT_STORE_SCHEMA_VERSION, ct_flood_engine()->version);
    else
        printf("cimtwin %s (file schema %d, flood engine %s)\n", CT_VERSION,
               CT_STORE_SCHEMA_VERSION, ct_flood_engine()->version);
    return CT_OK;
}

static const ct_option k_options[] = {{"json", NULL, "print JSON"}, {NULL, NULL, NULL}};
const ct_command ct_cmd_version = {
    "version", "print versions", "", 0, 0, k_options, "  cimtwin version --json\n", run, NULL,
};
