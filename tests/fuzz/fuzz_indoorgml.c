// Any bytes as an IndoorGML file: refused with a message, or features whose bodies are sound.
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "ingest/ingest.h"
#include "scratch_folder.h"

static ct_catalogue *catalogue;

static ct_err put(void *context, const ct_feature *f) {
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    const char *path = scratch("a.indoorgml");
    scratch_write(path, data, size);
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    FUZZ_MUST(report);
    const ct_ingest_options o = {.catalogue = catalogue,
                                 .twin_crs = "EPSG:25832",
                                 .source_crs = "EPSG:25832",
                                 .max_features = 1000,
                                 .max_points = 10000};
    const ct_sink sink = {.put = put};
    if (ct_ingest_file(path, &o, &sink, report) != CT_OK) FUZZ_MUST(strlen(ct_err_message()) > 0);
    ct_ingest_report_free(report);
    return 0;
}
