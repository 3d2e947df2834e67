// Any bytes as an IFC file: refused with a message, or features that are sound.
#include <math.h>
#include <string.h>

#include "ingest/ingest.h"
#include "scratch_folder.h"

static void check_value(const ct_value *v) {
    if (v->kind == CT_VALUE_REAL) FUZZ_MUST(isfinite(v->as.real));
    if (v->kind == CT_VALUE_TEXT) FUZZ_MUST(v->as.text && *v->as.text);
}

static ct_err look(void *context, const ct_feature *f) {
    ++*(size_t *)context;
    FUZZ_MUST(f->cls && f->id && ct_id_ok(f->id));
    for (size_t i = 0; i < f->cls->n_attrs; i++) check_value(&f->values[i]);
    for (size_t i = 0; i < f->n_properties; i++) {
        const ct_property *p = &f->properties[i];
        FUZZ_MUST(p->set && p->name && p->unit);
        check_value(&p->value);
    }
    for (size_t i = 0; f->body && i < f->body->n_parts; i++) {
        FUZZ_MUST(ct_mesh_check(f->body->parts[i].mesh) == CT_OK);
        FUZZ_MUST(ct_affine_is_finite(&f->body->parts[i].place));
    }
    for (size_t i = 0; i < (size_t)ct_geom_stride(&f->geom) * f->geom.n_points; i++)
        FUZZ_MUST(isfinite(f->geom.xyz[i]));
    return CT_OK;
}

static void import(const char *path, const ct_catalogue *catalogue, bool anchor) {
    size_t n = 0;
    const ct_sink sink = {look, &n};
    ct_ingest_options o = {.catalogue = catalogue, .twin_crs = "EPSG:4547", .max_features = 10000};
    o.anchor.given = anchor; // where a file tells no place, its features are checked too
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    FUZZ_MUST(report);
    const ct_err err = ct_ingest_file(path, &o, &sink, report);
    if (err == CT_OK)
        FUZZ_MUST(ct_ingest_total(report) == (int64_t)n);
    else
        FUZZ_MUST(strlen(ct_err_message()) > 0);
    ct_ingest_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ct_catalogue *catalogue;
    if (!catalogue) FUZZ_MUST(ct_catalogue_load(&catalogue, NULL) == CT_OK);
    const char *path = scratch("model.ifc");
    scratch_write(path, data, size);
    import(path, catalogue, false);
    import(path, catalogue, true);
    return 0;
}
