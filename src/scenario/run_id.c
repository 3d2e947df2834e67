// The content address of a run.
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "results/terrain.h"
#include "scenario/scenario.h"
#include "sim/flood/engine.h"

// One stored feature into the hash: its id, values and geometry.
static ct_err hash_feature(ct_hash *hash, ct_buf *scratch, const ct_feature *f) {
    ct_buf_reset(scratch);
    ct_geom_to_wkb(scratch, &f->geom);
    for (size_t i = 0; i < f->cls->n_attrs; i++) {
        const ct_value *v = &f->values[i];
        ct_jsonw w;
        ct_jsonw_init(&w, scratch);
        ct_value_write_json(&w, v);
        ct_buf_putc(scratch, '\n');
    }
    CT_TRY(ct_buf_status(scratch));
    ct_hash_add_text(hash, f->id);
    ct_hash_add(hash, scratch->data, scratch->len);
    return CT_OK;
}

static ct_err hash_class(ct_hash *hash, ct_buf *scratch, ct_reader *reader, const ct_class *cls) {
    ct_query query;
    ct_query_init(&query, cls);
    ct_cursor *cursor;
    CT_TRY(ct_cursor_open(&cursor, reader, &query));
    const ct_feature *feature;
    ct_err err;
    ct_hash_add_text(hash, cls->name);
    while ((err = ct_cursor_next(cursor, &feature)) == CT_OK)
        if ((err = hash_feature(hash, scratch, feature)) != CT_OK) break;
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

// The base: every feature that the engine sees, and the ground.
static ct_err hash_base(ct_hash *hash, ct_reader *reader, const ct_store *store) {
    ct_buf scratch;
    ct_buf_init(&scratch, (size_t)64 << 20);
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && ct_flood_domain_classes[i]; i++) {
        const ct_class *cls =
            ct_catalogue_by_name(ct_store_catalogue(store), ct_flood_domain_classes[i]);
        err = hash_class(hash, &scratch, reader, cls);
    }
    ct_buf_fini(&scratch);
    CT_TRY(err);
    char *folder = ct_store_file(store, "terrain");
    char ground[33];
    if (!folder) return CT_NOMEM;
    err = ct_terrain_hash(ground, folder);
    ct_free(folder);
    CT_TRY(err);
    ct_hash_add_text(hash, ground);
    ct_hash_add_text(hash, ct_store_crs(store)->code);
    return CT_OK;
}

// Everything of the document that may change a result: all but its titles.
static ct_err hash_document(ct_hash *hash, const ct_scenario *scenario) {
    json_t *document = json_copy(scenario->document);
    if (!document) return ct_fail(CT_NOMEM, "out of memory");
    json_object_del(document, "title");
    json_object_del(document, "description");
    json_object_del(document, "id");
    char *text = ct_json_canonical(document);
    json_decref(document);
    if (!text) return CT_NOMEM;
    ct_hash_add_text(hash, text);
    ct_free(text);
    return CT_OK;
}

ct_err ct_scenario_run_id(char out[CT_RUN_ID_MAX], const ct_scenario *scenario, ct_reader *reader,
                          const ct_store *store) {
    ct_hash *hash = ct_hash_new();
    if (!hash) return CT_NOMEM;
    ct_hash_add_text(hash, ct_flood_engine()->version);
    ct_hash_add_text(hash, CT_FLOOD_DOMAIN_VERSION);
    ct_err err = hash_document(hash, scenario);
    if (err == CT_OK) err = hash_base(hash, reader, store);
    if (err == CT_OK) ct_hash_hex(out, ct_hash_get(hash));
    ct_hash_free(hash);
    return err;
}
