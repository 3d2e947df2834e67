// Import of one file: options and limits, then the reader of its format, then the verdict.
#include "ingest/ingest.h"

#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "geo/crs.h"
#include "ingest/citygml/citygml.h"
#include "ingest/cityjson/cityjson.h"
#include "ingest/indoorgml/indoorgml.h"
#include "ingest/job.h"
#include "ingest/osm_indoor/inside.h"

enum { ARENA_BLOCK = 256 << 10, ARENA_MAX = 1 << 30 };

static void fill_defaults(ct_ingest_options *options) {
    if (!options->max_features) options->max_features = 10000000;
    if (!options->max_points) options->max_points = 1000000;
    if (!options->max_cells) options->max_cells = 400000000;
}

// GDAL would say of all of these that the format is unknown.
static ct_err look_at_file(const char *path) {
    int fd = -1;
    uint64_t size = 0;
    if (ct_dir_exists(path)) return ct_fail(CT_UNSUPPORTED, "%s: a folder, not a file", path);
    if (!ct_file_exists(path)) return ct_fail(CT_NOTFOUND, "%s: no such file", path);
    CT_TRY(ct_file_open(&fd, &size, path));
    close(fd);
    return size ? CT_OK : ct_fail(CT_PARSE, "%s: the file is empty", path);
}

static ct_err prepare(ct_ingest__job *job) {
    ct_crs_info info;
    const ct_ingest_options *o = &job->options;
    CT_TRY(look_at_file(job->path));
    CT_TRY(ct_context(ct_crs_describe(&info, o->twin_crs), "the twin's CRS"));
    if (o->source_crs) CT_TRY(ct_context(ct_crs_describe(&info, o->source_crs), "the file's CRS"));
    if (o->class_name) {
        job->only_class = ct_catalogue_by_name(o->catalogue, o->class_name);
        if (!job->only_class)
            job->only_class = ct_catalogue_by_collection(o->catalogue, o->class_name);
        if (!job->only_class) return ct_fail(CT_ARG, "there is no class \"%s\"", o->class_name);
    }
    return CT_OK;
}

// What the findings come to, for callers that only look at the error.
static ct_err verdict(ct_ingest__job *job) {
    size_t errors = ct_diagnostics_count(job->diagnostics, CT_SEVERITY_ERROR);
    CT_TRY(ct_diagnostics_status(job->diagnostics));
    if (!errors) return CT_OK;
    for (size_t i = 0; i < ct_diagnostics_kept(job->diagnostics); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(job->diagnostics, i);
        if (d->severity != CT_SEVERITY_ERROR) continue;
        if (errors == 1) return ct_fail(CT_PARSE, "%s: %s", d->where, d->text);
        return ct_fail(CT_PARSE, "%s: %s (and %zu more errors)", d->where, d->text, errors - 1);
    }
    return ct_fail(CT_PARSE, "%s: %zu errors", job->file, errors);
}

// By extension and content.
static ct_err read_file(ct_ingest__job *job) {
    bool ifc = false, indoors = false;
    CT_TRY(ct_ingest__is_ifc(&ifc, job->path));
    if (ifc) return ct_ingest__ifc(job);
    if (ct_indoorgml__is(job->path)) return ct_indoorgml__import(job);
    if (ct_citygml__is(job->path)) return ct_citygml__import(job);
    if (ct_cityjson__is(job->path)) return ct_cityjson__import(job);
    CT_TRY(ct_osm__tell_source(job));
    // With a class for all, features are of points, lines and areas alone.
    if (!job->only_class) CT_TRY(ct_osm_indoor__is(&indoors, job));
    return indoors ? ct_osm_indoor__import(job) : ct_ingest__gdal(job);
}

ct_err ct_ingest_file(const char *path, const ct_ingest_options *options, const ct_sink *sink,
                      ct_ingest_report *report) {
    ct_ingest__job job = {.path = path,
                          .file = ct_path_name(path),
                          .options = *options,
                          .sink = sink,
                          .report = report,
                          .diagnostics = ct_ingest_diagnostics(report)};
    fill_defaults(&job.options);
    ct_buf_init(&job.shapes, job.options.max_features / 8 + 1);
    CT_TRY(prepare(&job));
    CT_TRY(ct_ingest__begin_source(&job.source, report, job.file));
    job.arena = ct_arena_new(ARENA_BLOCK, ARENA_MAX);
    if (!job.arena) return CT_NOMEM;
    ct_err err = read_file(&job);
    if (job.n_groundless)
        ct_diagnostics_add(
            job.diagnostics, CT_SEVERITY_WARNING, "no-ground", job.file,
            "%zu features have no heights and lie where the twin has no ground: they "
            "are at height 0; import the elevation first",
            job.n_groundless);
    if (err == CT_OK) err = verdict(&job);
    ct_arena_free(job.arena);
    ct_buf_fini(&job.shapes);
    return err;
}
