// One .osm or .osm.pbf file: read, looked at for what is inside buildings, and handed to GDAL for
// the rest.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "ingest/osm_indoor/inside.h"

// Whether a word that every such tag begins with stands anywhere in the file.
static ct_err look_for_words(bool *found, FILE *file, const ct_ingest__job *job) {
    static const char *const words[] = {"indoor", "buildingpart", "\"room\"", "'room'"};
    enum { PIECE = 1 << 20, OVERLAP = 16 };
    char *text = ct_alloc(PIECE + OVERLAP);
    size_t held = 0, n;
    bool goes_on = true;
    if (!text) return CT_NOMEM;
    while (!*found && (goes_on = ct_ingest__progress(job, 0)) &&
           (n = fread(text + held, 1, PIECE, file)) > 0) {
        held += n;
        for (size_t i = 0; i < sizeof words / sizeof *words && !*found; i++)
            *found = memmem(text, held, words[i], strlen(words[i])) != NULL;
        const size_t rest = held < OVERLAP ? held : OVERLAP;
        memmove(text, text + held - rest, rest);
        held = rest;
    }
    ct_free(text);
    return goes_on ? CT_OK : ct_fail(CT_CANCELLED, "%s: cancelled", job->file);
}

ct_err ct_osm_indoor__is(bool *out, const ct_ingest__job *job) {
    *out = false;
    if (ct_path_has_ending(job->path, ".pbf")) return ct_osm__pbf_has_words(out, job);
    if (!ct_path_has_ending(job->path, ".osm")) return CT_OK;
    FILE *file = fopen(job->path, "rb");
    if (!file) return CT_OK; // the reader of all files says why
    const ct_err err = look_for_words(out, file, job);
    (void)fclose(file);
    return err;
}

static ct_err load_rules(ct_ingest__rules **out, const ct_ingest__job *job, const char *name) {
    char *path = NULL;
    CT_TRY(ct_data_path(&path, name));
    const ct_err err = ct_ingest__rules_load(out, job->options.catalogue, path);
    ct_free(path);
    return err;
}

static void tell(const ct_osm__inside *in, size_t n, const char *rule, const char *text) {
    if (n)
        ct_diagnostics_add(in->job->diagnostics, CT_SEVERITY_INFO, rule, in->job->file, "%zu %s", n,
                           text);
}

static void tell_all(const ct_osm__inside *in) {
    tell(in, in->n_stacked, "door-levels",
         "doors tell no level and stand in walls of several: there is one on each");
    tell(in, in->n_far_doors, "door-outdoors",
         "doors and entrances tell no level and stand at no room: they count as outdoors");
    tell(in, in->n_lines, "made-corridor",
         "corridors and footways are lines: spaces were made along them, 2 m wide unless they tell "
         "their width");
    tell(in, in->n_cut, "cut-space", "spaces lie within larger ones and were cut out of these");
    tell(in, in->n_openless, "made-opening",
         "stairs and lifts have no door on a level and are open to the space beside them");
}

static ct_err find(ct_osm__inside *in) {
    CT_TRY(ct_osm__things(in));
    CT_TRY(ct_osm__buildings(in));
    CT_TRY(ct_osm__storeys(in));
    CT_TRY(ct_osm__spaces(in));
    CT_TRY(ct_osm__doors(in));
    CT_TRY(ct_osm__free_ways(in));
    CT_TRY(ct_osm__climbs(in));
    tell_all(in);
    return ct_osm__take(in);
}

static ct_err prepare(ct_osm__inside *in) {
    in->taken = ct_strmap_new(256);
    in->house_of = ct_strmap_new(64);
    if (!in->taken || !in->house_of) return CT_NOMEM;
    CT_TRY(load_rules(&in->outdoor, in->job, "ingest/osm.json"));
    return load_rules(&in->indoor, in->job, "ingest/osm_indoor.json");
}

static void fini(ct_osm__inside *in) {
    in->job->taken = NULL;
    ct_strmap_free(in->taken);
    ct_strmap_free(in->house_of);
    ct_ingest__rules_free(in->outdoor);
    ct_ingest__rules_free(in->indoor);
}

static ct_err import(ct_osm__data *d) {
    ct_osm__inside in = {.job = d->job, .d = d, .arena = d->arena};
    ct_err err = prepare(&in);
    if (err == CT_OK) err = find(&in);
    if (err == CT_OK) {
        d->job->taken = in.taken;
        err = ct_ingest__gdal(d->job);
    }
    if (err == CT_OK) err = ct_osm__emit(&in);
    fini(&in);
    return err;
}

// What a file holds outdoors comes whatever its size.
static ct_err import_outdoors(ct_osm__data *d) {
    ct_ingest__job *job = d->job;
    ct_diagnostics_add(job->diagnostics,
                       job->options.strict ? CT_SEVERITY_ERROR : CT_SEVERITY_WARNING,
                       "indoor-too-large", job->file,
                       "the inside of its buildings was not read: %s; cut an extract around them",
                       ct_err_message());
    ct_osm__data_fini(d);
    return ct_ingest__gdal(job);
}

ct_err ct_osm_indoor__import(ct_ingest__job *job) {
    ct_osm__data d;
    CT_TRY(ct_osm__data_init(&d, job));
    ct_err err =
        ct_path_has_ending(job->path, ".pbf") ? ct_osm__read_pbf(&d) : ct_osm__read_xml(&d);
    if (err == CT_OK) err = ct_osm__data_finish(&d);
    if (err == CT_OK)
        err = d.indoors ? import(&d) : ct_ingest__gdal(job);
    else if (err == CT_LIMIT && d.too_large)
        err = import_outdoors(&d);
    ct_osm__data_fini(&d);
    return err == CT_OK || strstr(ct_err_message(), job->file) == ct_err_message()
               ? err
               : ct_context(err, "%s", job->file);
}
