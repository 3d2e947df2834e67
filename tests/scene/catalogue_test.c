// Every layer is a collection of the catalogue, every feature passes the model's own check, ids are
// unique in the whole scene, references name features that are there, polygons are valid.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "geo/geos.h"
#include "model/feature.h"
#include "scene_file.h"

typedef struct all_ids {
    char **ids;
    size_t count, cap;
} all_ids;

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void value_from(ct_value *out, ct_arena *arena, OGRFeatureH f, int field,
                       const ct_attr *attr) {
    *out = (ct_value){.kind = CT_VALUE_NULL};
    if (!OGR_F_IsFieldSetAndNotNull(f, field)) return;
    switch (attr->type) {
    case CT_ATTR_INTEGER:
        *out = (ct_value){CT_VALUE_INTEGER, {.integer = OGR_F_GetFieldAsInteger64(f, field)}};
        break;
    case CT_ATTR_REAL:
        *out = (ct_value){CT_VALUE_REAL, {.real = OGR_F_GetFieldAsDouble(f, field)}};
        break;
    case CT_ATTR_BOOLEAN:
        *out = (ct_value){CT_VALUE_BOOLEAN, {.boolean = OGR_F_GetFieldAsInteger(f, field) != 0}};
        break;
    case CT_ATTR_TEXT:
    case CT_ATTR_DATETIME:
        *out = (ct_value){CT_VALUE_TEXT,
                          {.text = ct_arena_strdup(arena, OGR_F_GetFieldAsString(f, field))}};
    }
}

// The feature as the model sees it.
static void feature_from(ct_feature *out, ct_arena *arena, const ct_class *cls, OGRFeatureH f) {
    assert_int_equal(ct_feature_new(out, arena, cls), CT_OK);
    out->id = ct_arena_strdup(arena, sf_text(f, "id"));
    int fields = OGR_F_GetFieldCount(f);
    for (int k = 0; k < fields; k++) {
        const char *name = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(f, k));
        if (strcmp(name, "id") == 0) continue;
        int index = ct_class_attr(cls, name);
        if (index < 0) fail_msg("%s has no attribute %s", cls->name, name);
        value_from(&out->values[index], arena, f, k, &cls->attrs[index]);
    }
    OGRGeometryH g = sf_geom(f);
    if (!g) return;
    int size = OGR_G_WkbSize(g);
    unsigned char *wkb = ct_arena_alloc(arena, (size_t)size);
    assert_non_null(wkb);
    assert_int_equal(OGR_G_ExportToIsoWkb(g, wkbNDR, wkb), OGRERR_NONE);
    assert_int_equal(ct_geom_from_wkb(&out->geom, arena, wkb, (size_t)size, 100000), CT_OK);
}

static void note_id(all_ids *ids, const char *id) {
    if (ids->count == ids->cap) {
        ids->cap = ids->cap ? 2 * ids->cap : 1024;
        ids->ids = ct_realloc(ids->ids, ids->cap * sizeof *ids->ids);
        assert_non_null(ids->ids);
    }
    ids->ids[ids->count] = ct_strdup(id);
    assert_non_null(ids->ids[ids->count++]);
}

static void check_layer(const ct_catalogue *catalogue, OGRLayerH layer, all_ids *ids) {
    const char *name = OGR_L_GetName(layer);
    const ct_class *cls = ct_catalogue_by_collection(catalogue, name);
    if (!cls) fail_msg("layer %s is no collection", name);
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    assert_non_null(arena);
    OGR_L_ResetReading(layer);
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer));) {
        ct_feature feature;
        feature_from(&feature, arena, cls, f);
        if (!ct_id_ok(feature.id)) fail_msg("bad id %s", feature.id);
        assert_int_equal(feature.geom.type != CT_GEOM_NONE, cls->geometry != CT_GEOM_NONE);
        assert_int_equal(feature.geom.type == CT_GEOM_NONE ? cls->has_z : feature.geom.has_z,
                         cls->has_z);
        if (ct_feature_check(&feature, arena) != CT_OK)
            fail_msg("%s: %s", feature.id, ct_err_message());
        if (feature.geom.type != CT_GEOM_NONE && ct_geos_check(&feature.geom) != CT_OK)
            fail_msg("%s: %s", feature.id, ct_err_message());
        note_id(ids, feature.id);
        OGR_F_Destroy(f);
        ct_arena_reset(arena);
    }
    ct_arena_free(arena);
}

static bool is_there(const all_ids *ids, const char *id) {
    return bsearch(&id, ids->ids, ids->count, sizeof *ids->ids, by_text) != NULL;
}

static void check_references(const ct_catalogue *catalogue, OGRLayerH layer, const all_ids *ids) {
    const ct_class *cls = ct_catalogue_by_collection(catalogue, OGR_L_GetName(layer));
    OGR_L_ResetReading(layer);
    for (OGRFeatureH f; (f = OGR_L_GetNextFeature(layer));) {
        for (size_t k = 0; k < cls->n_attrs; k++) {
            if (!cls->attrs[k].references) continue;
            const char *to = sf_text(f, cls->attrs[k].name);
            if (*to && !is_there(ids, to)) fail_msg("%s: no %s", cls->name, to);
        }
        OGR_F_Destroy(f);
    }
}

static void features_conform(void **state) {
    (void)state;
    ct_catalogue *catalogue = NULL;
    all_ids ids = {0};
    assert_int_equal(ct_catalogue_load(&catalogue, NULL), CT_OK);
    int layers = GDALDatasetGetLayerCount(sf_current.file);
    assert_true(layers >= 22);
    for (int k = 0; k < layers; k++)
        check_layer(catalogue, GDALDatasetGetLayer(sf_current.file, k), &ids);
    qsort(ids.ids, ids.count, sizeof *ids.ids, by_text);
    for (size_t i = 1; i < ids.count; i++)
        if (strcmp(ids.ids[i - 1], ids.ids[i]) == 0)
            fail_msg("the id %s is used twice", ids.ids[i]);
    for (int k = 0; k < layers; k++)
        check_references(catalogue, GDALDatasetGetLayer(sf_current.file, k), &ids);
    for (size_t i = 0; i < ids.count; i++) ct_free(ids.ids[i]);
    ct_free(ids.ids);
    ct_catalogue_free(catalogue);
}

// Names people read are there in both languages.
static void names_are_bilingual(void **state) {
    (void)state;
    static const char *const named[] = {"sites",   "buildings",  "storeys", "openings",
                                        "gates",   "grid_cells", "units",   "devices",
                                        "cameras", "zones",      "shelters"};
    for (size_t k = 0; k < sizeof named / sizeof named[0]; k++) {
        sf_layer layer = sf_read(&sf_current, named[k], NULL, NULL);
        for (size_t i = 0; i < layer.count; i++) {
            const char *zh = sf_text(layer.items[i], "name_zh");
            bool chinese = false;
            for (const char *c = zh; *c; c++) chinese = chinese || (*c & 0x80);
            if (!*sf_text(layer.items[i], "name") || !chinese)
                fail_msg("%s: a name is missing", sf_text(layer.items[i], "id"));
        }
        sf_free(&layer);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_conform),
        cmocka_unit_test(names_are_bilingual),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_catalogue");
}
