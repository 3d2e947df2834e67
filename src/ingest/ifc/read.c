// The import of one IFC file, step by step.
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/ifc/reader.h"
#include "ingest/ifc/rules/rules.h"
#include "ingest/ifc/source.h"

enum { ARENA_BLOCK = 256 << 10 };

ct_err ct_ingest__is_ifc(bool *out, const char *path) {
    static const char begin[] = "ISO-10303-21";
    char bytes[sizeof begin + 2];
    int fd = -1;
    uint64_t size = 0;
    *out = ct_path_has_ending(path, ".ifc") || ct_path_has_ending(path, ".ifczip");
    if (*out) return CT_OK;
    CT_TRY(ct_file_open(&fd, &size, path));
    const ssize_t n = read(fd, bytes, sizeof bytes);
    close(fd);
    const size_t skip = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    *out = n >= (ssize_t)(skip + sizeof begin - 1) &&
           memcmp(bytes + skip, begin, sizeof begin - 1) == 0;
    return CT_OK;
}

static ct_err prepare(ct_ifc__reader *r) {
    const ct_ingest_options *o = &r->job->options;
    const ct_ifc__anchor anchor = {o->anchor.given, o->anchor.east_m, o->anchor.north_m,
                                   o->anchor.height_m, o->anchor.rotation_rad};
    ct_ifc__slots buildings;
    CT_TRY(ct_ifc__units_read(&r->units, &r->m, r->arena));
    CT_TRY(ct_ifc__places_new(&r->places, &r->m, &r->units));
    CT_TRY(ct_ifc__georef_read(&r->georef, &r->m, &r->units, r->places, o->twin_crs, o->source_crs,
                               &anchor, r->arena));
    CT_TRY(ct_ifc__check_ids(r));
    CT_TRY(ct_ifc__check_tree(r));
    CT_TRY(ct_ifc__check_nesting(r));
    CT_TRY(ct_ifc__read_known(r));
    CT_TRY(ct_ifc__all_known(&buildings, r->arena, &r->m, CT_IFC__BUILDING));
    r->building = buildings.n == 1 ? buildings.at[0] : CT_STEP__NONE;
    return ct_ifc__read_storeys(r);
}

static ct_err deliver_all(ct_ifc__reader *r) {
    CT_TRY(ct_ifc__tell_source(r));
    CT_TRY(prepare(r));
    CT_TRY(ct_ifc__check_rules(r->job, &r->m, &r->units, r->places));
    CT_TRY(ct_ifc__make_bodies(r));
    CT_TRY(ct_ifc__emit_structure(r));
    CT_TRY(ct_ifc__emit_openings(r));
    CT_TRY(ct_ifc__emit_elements(r));
    CT_TRY(ct_ifc__places_status(r->places));
    if (r->m.n_foreign)
        ct_diagnostics_add(
            r->job->diagnostics, CT_SEVERITY_WARNING, "step-characters", r->job->file,
            "%zu texts hold bytes that are no UTF-8; they are taken as ISO 8859-1", r->m.n_foreign);
    return CT_OK;
}

static ct_err read_bytes(ct_ingest__job *job, const ct_ifc__source *source) {
    ct_ifc__reader r = {.job = job, .building = CT_STEP__NONE};
    CT_TRY(ct_ifc__open(&r.m, source->bytes, source->n, job->file, job->options.strict,
                        job->diagnostics));
    r.arena = ct_arena_new(ARENA_BLOCK, 0); // bounded by the size of the file
    const ct_err err = r.arena ? deliver_all(&r) : CT_NOMEM;
    ct_ifc__bodies_free(r.bodies);
    ct_ifc__places_free(r.places);
    ct_ifc__close(&r.m);
    ct_arena_free(r.arena);
    return err;
}

ct_err ct_ingest__ifc(ct_ingest__job *job) {
    ct_ifc__source source;
    CT_TRY(ct_ifc__source_open(&source, job->path));
    job->shapeless = true;
    const ct_err err = read_bytes(job, &source);
    ct_ifc__source_close(&source);
    return err;
}
