// Vector tiles decoded by a strict decoder and by GDAL: layers, ids, attributes, what is left out.
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>

#include "decode.h"
#include "fixture.h"

// The encoded tile; the caller frees with ct_buf_fini.
static void encode(const fixture *f, ct_buf *out, const ct_class *const *classes, size_t n,
                   ct_tile tile) {
    ct_reader *reader;
    ct_buf_init(out, (size_t)64 << 20);
    ok(ct_store_reader(&reader, f->store));
    ok(ct_mvt_encode(out, reader, f->store, classes, n, tile));
    ct_reader_release(reader);
}

static GDALDatasetH open_by_gdal(ct_buf *tile) {
    static const char *const drivers[] = {"MVT", NULL}, *const options[] = {"CLIP=NO", NULL};
    GDALAllRegister();
    VSIFCloseL(VSIFileFromMemBuffer("/vsimem/tile.mvt", (GByte *)tile->data, tile->len, 0));
    GDALDatasetH set = GDALOpenEx("/vsimem/tile.mvt", GDAL_OF_VECTOR, drivers, options, NULL);
    assert_non_null(set);
    return set;
}

static void close_gdal(GDALDatasetH set) {
    GDALClose(set);
    VSIUnlink("/vsimem/tile.mvt");
}

static void put_mixed(fixture *f) {
    const double line[3][2] = {{0, 0}, {40, 10}, {80, 0}}, at[1][2] = {{20, 20}};
    ct_feature list[] = {
        feature_of(f, "building", "b-1", square(f, 0, 0, 30)),
        feature_of(f, "building", "b-2", square(f, 50, 0, 20)),
        feature_of(f, "road", "r-1", geom_of(f, CT_GEOM_LINESTRING, line, 3)),
        feature_of(f, "device", "d-1", geom_of(f, CT_GEOM_POINT, at, 1)),
        feature_of(f, "grid_cell", "g-1", square(f, -50, -50, 200)),
        feature_of(f, "household", "h-1", (ct_geom){0}),
        feature_of(f, "building", "b-none", (ct_geom){0}),
    };
    ok(ct_feature_set_text(&list[0], "name", "Tower 一号楼"));
    ok(ct_feature_set_text(&list[0], "use", "residential"));
    ok(ct_feature_set_number(&list[0], "height_m", 54.25));
    ok(ct_feature_set_number(&list[0], "storeys_above", 18));
    ok(ct_feature_set_number(&list[0], "base_m", -3.5));
    ok(ct_feature_set_text(&list[1], "use", "residential"));
    ok(ct_feature_set_number(&list[1], "storeys_above", 18));
    ok(ct_feature_set_bool(&list[2], "oneway", true));
    ok(ct_feature_set_text(&list[4], "keeper", "somebody's name"));
    ok(ct_feature_set_number(&list[4], "residents", 1234567));
    ok(ct_feature_set_text(&list[5], "building", "b-1"));
    put(f, list, sizeof list / sizeof *list);
}

static void check_layers(const mvt_tile *tile) {
    assert_int_equal(tile->n_layers, 4); // in the order asked for; nothing of households
    assert_string_equal(tile->layers[0].name, "grid_cells");
    assert_string_equal(tile->layers[1].name, "devices");
    assert_string_equal(tile->layers[2].name, "buildings");
    assert_string_equal(tile->layers[3].name, "roads");
    assert_int_equal(tile->layers[2].n_features, 2); // the one without geometry is not drawn
}

static void check_attributes(const mvt_tile *tile) {
    const mvt_layer *l = mvt_find_layer(tile, "buildings");
    const mvt_feature *a = mvt_by_id(l, "b-1"), *b = mvt_by_id(l, "b-2");
    assert_true(a && b && a->type == 3 && b->type == 3 && a->id != b->id);
    assert_string_equal(mvt_tag(l, a, "name")->text, "Tower 一号楼");
    assert_near(mvt_tag(l, a, "height_m")->number, 54.25, 0);
    assert_near(mvt_tag(l, a, "base_m")->number, -3.5, 0);
    assert_int_equal(mvt_tag(l, a, "storeys_above")->kind, 4);
    assert_near(mvt_tag(l, a, "storeys_above")->number, 18, 0);
    assert_null(mvt_tag(l, a, "year_built")); // null
    assert_null(mvt_tag(l, b, "name"));
    // Equal values are written once.
    assert_ptr_equal(mvt_tag(l, a, "use"), mvt_tag(l, b, "use"));
    assert_ptr_equal(mvt_tag(l, a, "storeys_above"), mvt_tag(l, b, "storeys_above"));
    for (uint32_t k = 0; k < l->n_keys; k++) assert_string_not_equal(l->keys[k], "year_built");

    const mvt_layer *cells = mvt_find_layer(tile, "grid_cells"),
                    *roads = mvt_find_layer(tile, "roads"),
                    *devices = mvt_find_layer(tile, "devices");
    for (uint32_t k = 0; k < cells->n_keys; k++)
        assert_string_not_equal(cells->keys[k], "keeper"); // personal
    assert_near(mvt_tag(cells, cells->features, "residents")->number, 1234567, 0);
    assert_int_equal(mvt_tag(roads, roads->features, "oneway")->kind, 7);
    assert_near(mvt_tag(roads, roads->features, "oneway")->number, 1, 0);
    assert_int_equal(roads->features[0].type, 2);
    assert_int_equal(roads->features[0].n, 3);
    assert_int_equal(devices->features[0].type, 1);
    assert_int_equal(devices->features[0].n, 1);
}

static void layers_and_attributes(void **state) {
    fixture *f = *state;
    put_mixed(f);
    const ct_class *classes[] = {class_of(f, "grid_cell"), class_of(f, "device"),
                                 class_of(f, "household"), class_of(f, "building"),
                                 class_of(f, "road"),      class_of(f, "building")};
    ct_buf tile;
    mvt_tile decoded;
    encode(f, &tile, classes, 6, tile_at(10, 10, 17));
    mvt_decode(&decoded, tile.data, tile.len);
    check_layers(&decoded);
    check_attributes(&decoded);
    mvt_free(&decoded);
    ct_buf_fini(&tile);
}

static void fid_is_id(void **state) {
    fixture *f = *state;
    ct_feature list[2] = {feature_of(f, "building", "one", square(f, 0, 0, 10)),
                          feature_of(f, "building", "two", square(f, 20, 0, 10))};
    put(f, list, 2);
    const ct_class *cls = class_of(f, "building");
    ct_buf tile;
    mvt_tile decoded;
    encode(f, &tile, &cls, 1, tile_at(5, 5, 16));
    mvt_decode(&decoded, tile.data, tile.len);
    for (int i = 0; i < 2; i++)
        assert_int_equal(mvt_by_id(&decoded.layers[0], list[i].id)->id, list[i].fid);
    mvt_free(&decoded);
    ct_buf_fini(&tile);
}

static void opens_in_gdal(void **state) {
    fixture *f = *state;
    put_mixed(f);
    const ct_class *classes[] = {class_of(f, "building"), class_of(f, "road"),
                                 class_of(f, "device")};
    ct_buf tile;
    encode(f, &tile, classes, 3, tile_at(10, 10, 16));
    GDALDatasetH set = open_by_gdal(&tile);
    assert_int_equal(GDALDatasetGetLayerCount(set), 3);
    OGRLayerH l = GDALDatasetGetLayerByName(set, "buildings");
    assert_int_equal(OGR_L_GetFeatureCount(l, 1), 2);
    OGRFeatureH feature = OGR_L_GetNextFeature(l);
    assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "id")), "b-1");
    assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "name")),
                        "Tower 一号楼");
    assert_near(OGR_F_GetFieldAsDouble(feature, OGR_F_GetFieldIndex(feature, "height_m")), 54.25,
                0);
    assert_int_equal(
        OGR_F_GetFieldAsInteger(feature, OGR_F_GetFieldIndex(feature, "storeys_above")), 18);
    assert_true(OGR_G_IsValid(OGR_F_GetGeometryRef(feature)));
    OGR_F_Destroy(feature);
    assert_int_equal(OGR_L_GetFeatureCount(GDALDatasetGetLayerByName(set, "roads"), 1), 1);
    assert_int_equal(OGR_L_GetFeatureCount(GDALDatasetGetLayerByName(set, "devices"), 1), 1);
    close_gdal(set);
    ct_buf_fini(&tile);
}

static void many_values(void **state) { // dictionaries grow; every value comes back
    enum { N = 700 };
    fixture *f = *state;
    ct_feature list[N];
    char ids[N][16], names[N][32];
    for (int i = 0; i < N; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "b-%d", i);
        (void)snprintf(names[i], sizeof names[i], "House %d", i * 7919 % N);
        list[i] = feature_of(f, "building", ids[i], square(f, 10.0 * (i % 30), 10.0 * (i / 30), 8));
        ok(ct_feature_set_text(&list[i], "name", names[i]));
        ok(ct_feature_set_number(&list[i], "height_m", i / 8.0));
        ok(ct_feature_set_number(&list[i], "residents", i % 50));
    }
    put(f, list, N);
    const ct_class *cls = class_of(f, "building");
    ct_buf tile;
    mvt_tile decoded;
    encode(f, &tile, &cls, 1, tile_at(100, 100, 13));
    mvt_decode(&decoded, tile.data, tile.len);
    const mvt_layer *l = &decoded.layers[0];
    assert_int_equal(l->n_features, N);
    assert_true(l->n_values <= 3 * N + 50); // id, name, height; residents are shared
    for (int i = 0; i < N; i++) {
        const mvt_feature *b = mvt_by_id(l, ids[i]);
        assert_string_equal(mvt_tag(l, b, "name")->text, names[i]);
        assert_near(mvt_tag(l, b, "height_m")->number, i / 8.0, 0);
        assert_near(mvt_tag(l, b, "residents")->number, i % 50, 0);
    }
    mvt_free(&decoded);
    ct_buf_fini(&tile);
}

static void empty_and_wrong(void **state) {
    fixture *f = *state;
    const ct_class *cls = class_of(f, "building"), *none = class_of(f, "household");
    ct_buf tile;
    encode(f, &tile, &cls, 1, tile_at(0, 0, 16)); // no feature at all
    assert_int_equal(tile.len, 0);
    put_mixed(f);
    encode(f, &tile, &cls, 1, tile_at(5000, 5000, 16)); // beside the data
    assert_int_equal(tile.len, 0);
    encode(f, &tile, &cls, 1, (ct_tile){16, 3, 65000}); // the other side of the world
    assert_int_equal(tile.len, 0);
    encode(f, &tile, &none, 1, tile_at(0, 0, 16));
    assert_int_equal(tile.len, 0);
    encode(f, &tile, &cls, 1, tile_at(0, 0, 3)); // below the class's zooms
    assert_int_equal(tile.len, 0);
    ct_reader *reader;
    ok(ct_store_reader(&reader, f->store));
    fails(ct_mvt_encode(&tile, reader, f->store, &cls, 1, (ct_tile){4, 16, 0}), "RANGE");
    fails(ct_mvt_encode(&tile, reader, f->store, &cls, 1, (ct_tile){25, 0, 0}), "RANGE");
    ct_reader_release(reader);
    ct_buf_fini(&tile);
}

static void zooms(void **state) {
    fixture *f = *state;
    for (size_t i = 0; i < ct_catalogue_count(f->catalogue); i++) {
        const ct_class *cls = ct_catalogue_at(f->catalogue, i);
        int low = -1, high = -1;
        ct_tiles_zooms(cls, &low, &high);
        assert_in_range(low, 0, 12); // all is there at zoom 12
        assert_int_equal(high, 18);
    }
    ct_feature list[2] = {feature_of(f, "building", "hut", square(f, 0, 0, 3)),
                          feature_of(f, "building", "block", square(f, -70, 0, 60))};
    put(f, list, 2);
    const ct_class *cls = class_of(f, "building");
    for (uint32_t z = 10; z <= 18; z++) {
        ct_buf tile;
        mvt_tile decoded;
        encode(f, &tile, &cls, 1, tile_at(1, 1, z));
        mvt_decode(&decoded, tile.data, tile.len);
        // 3 m are less than two units (of 8.2 m on the ground at zoom 10) below zoom 12.
        assert_int_equal(mvt_by_id(&decoded.layers[0], "hut") != NULL, z >= 12);
        assert_non_null(mvt_by_id(&decoded.layers[0], "block"));
        mvt_free(&decoded);
        ct_buf_fini(&tile);
    }
}

static void same_bytes(void **state) {
    fixture *f = *state;
    put_mixed(f);
    const ct_class *classes[] = {class_of(f, "building"), class_of(f, "road")};
    ct_buf a, b;
    encode(f, &a, classes, 2, tile_at(10, 10, 15));
    encode(f, &b, classes, 2, tile_at(10, 10, 15));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    ct_buf_fini(&a);
    ct_buf_fini(&b);
}

#define with_twin(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_twin(layers_and_attributes),
        with_twin(fid_is_id),
        with_twin(opens_in_gdal),
        with_twin(many_values),
        with_twin(zooms),
        with_twin(empty_and_wrong),
        with_twin(same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
