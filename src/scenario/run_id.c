// The content address of a run.
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "results/terrain.h"
#include "scenario/scenario.h"
#include "sim/domain/drains_domain.h"
#include "sim/domain/storage_domain.h"
#include "sim/drains/engine.h"
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
    char length[24];
    snprintf(length, sizeof length, "%zu", scratch->len);
    ct_hash_add_text(hash, f->id);
    ct_hash_add_text(hash, length);
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

static ct_err hash_classes(ct_hash *hash, ct_reader *reader, const ct_store *store,
                           const char *const *names) {
    ct_buf scratch;
    ct_buf_init(&scratch, (size_t)64 << 20);
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && names[i]; i++)
        err = hash_class(hash, &scratch, reader,
                         ct_catalogue_by_name(ct_store_catalogue(store), names[i]));
    ct_buf_fini(&scratch);
    return err;
}

// Every feature that the engines see.
static ct_err hash_features(ct_hash *hash, const ct_scenario *scenario, ct_reader *reader,
                            const ct_store *store) {
    CT_TRY(hash_classes(hash, reader, store, ct_flood_domain_classes));
    if (scenario->drains) CT_TRY(hash_classes(hash, reader, store, ct_drains_domain_classes));
    return scenario->inside ? hash_classes(hash, reader, store, ct_storage_domain_classes) : CT_OK;
}

// One way to write each number: reals, as far as they hold whole numbers exactly, and no negative
// zero.
static json_t *plain_number(const json_t *value) {
    const json_int_t most = (json_int_t)1 << 53;
    if (json_is_real(value)) return json_real(json_real_value(value) + 0.0);
    const json_int_t whole = json_integer_value(value);
    return whole >= -most && whole <= most ? json_real((double)whole) : json_integer(whole);
}

// In place. false = out of memory.
static bool plain_numbers(json_t *value) {
    bool ok = true;
    if (json_is_array(value)) {
        for (size_t i = 0; ok && i < json_array_size(value); i++) {
            json_t *item = json_array_get(value, i);
            ok = json_is_number(item) ? json_array_set_new(value, i, plain_number(item)) == 0
                                      : plain_numbers(item);
        }
    } else if (json_is_object(value)) {
        for (void *at = json_object_iter(value); ok && at; at = json_object_iter_next(value, at)) {
            json_t *item = json_object_iter_value(at);
            ok = json_is_number(item) ? json_object_iter_set_new(value, at, plain_number(item)) == 0
                                      : plain_numbers(item);
        }
    }
    return ok;
}

// Everything of the document that may change a result: all but its titles.
static ct_err hash_document(ct_hash *hash, const ct_scenario *scenario) {
    json_t *document = ct_json_copy(scenario->document);
    if (!document) return CT_NOMEM;
    json_object_del(document, "title");
    json_object_del(document, "description");
    json_object_del(document, "id");
    char *text = plain_numbers(document) ? ct_json_canonical(document) : NULL;
    json_decref(document);
    if (!text) return ct_fail(CT_NOMEM, "out of memory");
    ct_hash_add_text(hash, text);
    ct_free(text);
    return CT_OK;
}

static ct_err hash_parts(ct_scenario_hashes *out, ct_hash *features, ct_hash *document,
                         const ct_scenario *scenario, ct_reader *reader, const ct_store *store) {
    char *folder = ct_store_file(store, "terrain");
    if (!folder) return CT_NOMEM;
    ct_err err = ct_terrain_hash(out->terrain, folder);
    ct_free(folder);
    if (err == CT_OK) err = hash_features(features, scenario, reader, store);
    if (err == CT_OK) err = hash_document(document, scenario);
    if (err != CT_OK) return err;
    ct_hash_hex(out->features, ct_hash_get(features));
    ct_hash_hex(out->document, ct_hash_get(document));
    return CT_OK;
}

ct_err ct_scenario_hash(ct_scenario_hashes *out, const ct_scenario *scenario, ct_reader *reader,
                        const ct_store *store) {
    ct_scenario_hashes hashes;
    char format[16];
    snprintf(format, sizeof format, "%d", CT_SCENARIO_RUN_FORMAT);
    ct_hash *features = ct_hash_new(), *document = ct_hash_new(), *run = ct_hash_new();
    ct_err err = features && document && run ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = hash_parts(&hashes, features, document, scenario, reader, store);
    if (err == CT_OK) {
        ct_hash_add_text(run, hashes.features);
        ct_hash_add_text(run, hashes.terrain);
        ct_hash_add_text(run, hashes.document);
        ct_hash_add_text(run, ct_store_crs(store)->code);
        ct_hash_add_text(run, ct_flood_engine()->version);
        if (scenario->drains) ct_hash_add_text(run, ct_drains_engine()->version);
        if (scenario->inside) ct_hash_add_text(run, CT_STORAGE_DOMAIN_VERSION);
        ct_hash_add_text(run, CT_FLOOD_DOMAIN_VERSION);
        ct_hash_add_text(run, format);
        ct_hash_hex(hashes.run, ct_hash_get(run));
        *out = hashes;
    }
    ct_hash_free(features);
    ct_hash_free(document);
    ct_hash_free(run);
    return err;
}

ct_err ct_scenario_run_id(char out[CT_RUN_ID_MAX], const ct_scenario *scenario, ct_reader *reader,
                          const ct_store *store) {
    ct_scenario_hashes hashes;
    CT_TRY(ct_scenario_hash(&hashes, scenario, reader, store));
    memcpy(out, hashes.run, CT_RUN_ID_MAX);
    return CT_OK;
}
