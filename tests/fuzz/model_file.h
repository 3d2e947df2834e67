// What the fuzzers of city and building models share: any bytes as a file of a given name are
// refused with a message, or give features whose bodies are sound.
#ifndef TESTS_FUZZ_MODEL_FILE_H
#define TESTS_FUZZ_MODEL_FILE_H

#include <string.h>

#include "fuzz.h"
#include "ingest/ingest.h"
#include "scratch_folder.h"

static ct_err put_sound(void *context, const ct_feature *f) {
    (void)context;
    FUZZ_MUST(f->id && *f->id && f->source_id);
    for (size_t i = 0; f->body && i < f->body->n_parts; i++) {
        FUZZ_MUST(ct_mesh_check(f->body->parts[i].mesh) == CT_OK);
        FUZZ_MUST(ct_affine_is_finite(&f->body->parts[i].place));
        FUZZ_MUST(f->body->parts[i].lod <= 4);
    }
    for (size_t i = 0; i < f->n_properties; i++)
        FUZZ_MUST(f->properties[i].name && f->properties[i].set && f->properties[i].unit);
    return CT_OK;
}

// `crs`: of the twin, and of the file where it does not tell its own.
static inline void fuzz_model_file(const char *name, const char *crs, const uint8_t *data,
                                   size_t size) {
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    const char *path = scratch(name);
    scratch_write(path, data, size);
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    FUZZ_MUST(report);
    const ct_ingest_options o = {.catalogue = catalogue,
                                 .twin_crs = crs,
                                 .source_crs = crs,
                                 .max_features = 1000,
                                 .max_points = 10000};
    const ct_sink sink = {.put = put_sound};
    if (ct_ingest_file(path, &o, &sink, report) != CT_OK) FUZZ_MUST(strlen(ct_err_message()) > 0);
    ct_ingest_report_free(report);
}

#endif
