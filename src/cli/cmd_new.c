// cimtwin new: an empty twin.
#include "base/file.h"
#include "cli/command.h"

static ct_err run(const ct_args *args) {
    const char *path = ct_args_at(args, 0), *crs = ct_args_value(args, "crs", NULL);
    if (!crs)
        return ct_fail(
            CT_ARG,
            "--crs is missing: the projected system that the twin is kept in, as EPSG:4547");
    ct_catalogue *catalogue;
    CT_TRY(ct_catalogue_load(&catalogue, NULL));
    const ct_err err =
        ct_store_create(path, crs, ct_args_value(args, "title", ct_path_name(path)), catalogue);
    ct_catalogue_free(catalogue);
    return err;
}

static const ct_option k_options[] = {
    {"crs", "EPSG:N", "projected coordinate reference system in metres (required)"},
    {"title", "TEXT", "what people read as its name (default: the file's name)"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_new = {
    "new",
    "make an empty twin",
    "TWIN",
    1,
    1,
    k_options,
    "  cimtwin new riverside.ct --crs EPSG:4547 --title Riverside\n",
    run,
    NULL,
};
