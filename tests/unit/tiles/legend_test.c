// Legends and the PNG writer.
#include "base/json.h"
#include "picture.h"
#include "tiles/png.h"

static double lightness(const uint8_t rgb[4]) { // relative luminance, sRGB (IEC 61966-2-1)
    double sum = 0;
    const double weight[3] = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++) {
        const double c = rgb[i] / 255.0;
        sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static void classes_make_a_scale(void **state) {
    (void)state;
    for (int layer = CT_MAP_DEPTH; layer <= CT_MAP_DIFFERENCE; layer++) {
        const ct_legend *l = ct_legend_of((ct_map_layer)layer);
        ct_map_layer found;
        assert_int_equal(l->layer, layer);
        ok(ct_map_layer_of_name(&found, l->name));
        assert_int_equal(found, layer);
        assert_true(l->n_classes >= 4 && l->n_classes <= 15);
        for (size_t i = 0; i < l->n_classes; i++) {
            const ct_legend_class *c = &l->classes[i];
            assert_true(c->min < c->max && c->label_en[0] && c->label_zh[0] && c->rgba[3] == 255);
            if (isfinite(c->min)) assert_int_equal(ct_legend_class_of(l, c->min), i);
            if (isfinite(c->max))
                assert_int_equal(ct_legend_class_of(l, nextafter(c->max, -1e9)), i);
            if (i == 0) continue;
            assert_true(c->min >= c[-1].max);
            // Neighbours differ visibly in lightness alone (but for the two sides of zero).
            const double a = lightness(c->rgba), b = lightness(c[-1].rgba);
            if (c->min != 0.02 || layer != CT_MAP_DIFFERENCE)
                assert_true((fmax(a, b) + 0.05) / (fmin(a, b) + 0.05) > 1.25);
        }
        assert_int_equal(ct_legend_class_of(l, NAN), -1);
    }
    ct_map_layer none;
    fails(ct_map_layer_of_name(&none, "depths"), "NOTFOUND");
    fails(ct_map_layer_of_name(&none, ""), "NOTFOUND");
    fails(ct_map_layer_of_name(&none, NULL), "NOTFOUND");
    const ct_legend *depth = ct_legend_of(CT_MAP_DEPTH);
    assert_int_equal(ct_legend_class_of(depth, 0.0299), -1);
    assert_int_equal(ct_legend_class_of(depth, 0.15), 1);
    assert_int_equal(ct_legend_class_of(depth, 40), 5);
    assert_int_equal(ct_legend_class_of(ct_legend_of(CT_MAP_DIFFERENCE), 0), -1);
    assert_int_equal(ct_legend_class_of(ct_legend_of(CT_MAP_DIFFERENCE), -9), 0);
}

static void json(void **state) {
    (void)state;
    ct_buf out;
    ct_buf_init(&out, 1 << 16);
    ct_legend_write_json(&out, ct_legend_of(CT_MAP_MAX_DEPTH));
    json_t *j = NULL;
    ok(ct_json_parse(&j, out.data, out.len, 1 << 16));
    assert_string_equal(json_string_value(json_object_get(j, "layer")), "max_depth");
    assert_string_equal(json_string_value(json_object_get(j, "unit")), "m");
    assert_string_equal(json_string_value(json_object_get(json_object_get(j, "title"), "zh")),
                        "最大淹没水深");
    const json_t *classes = json_object_get(j, "classes");
    assert_int_equal(json_array_size(classes), 6);
    const json_t *first = json_array_get(classes, 0), *last = json_array_get(classes, 5);
    assert_near(json_number_value(json_object_get(first, "min")), 0.03, 0);
    assert_near(json_number_value(json_object_get(first, "max")), 0.15, 0);
    assert_string_equal(json_string_value(json_object_get(first, "color")), "#d6e8f8");
    assert_true(json_is_null(json_object_get(last, "max")));
    json_decref(j);
    ct_buf_fini(&out);
}

static void pictures_come_back(void **state) {
    (void)state;
    static const struct {
        uint32_t width, height;
        size_t colours;
    } cases[] = {{256, 256, 256}, {256, 256, 7}, {13, 5, 2},  {13, 5, 4},  {13, 5, 16},
                 {13, 5, 17},     {1, 1, 1},     {9, 300, 3}, {255, 3, 16}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const uint32_t n = cases[k].width * cases[k].height;
        uint8_t *pixels = malloc(n), palette[256][4];
        for (uint32_t i = 0; i < n; i++) pixels[i] = (uint8_t)(i * 2654435761U % cases[k].colours);
        for (uint32_t i = 0; i < 256; i++)
            for (uint32_t c = 0; c < 4; c++)
                palette[i][c] = c == 3 && i > 3 ? 255 : (uint8_t)(i * 37 + c * 91);
        ct_buf out;
        ct_buf_init(&out, 1 << 20);
        ok(ct_tiles__png(&out, pixels, cases[k].width, cases[k].height, palette[0],
                         cases[k].colours));
        picture p = picture_open(out.data, out.len);
        assert_int_equal(p.width, cases[k].width);
        assert_int_equal(p.height, cases[k].height);
        for (uint32_t i = 0; i < n; i++) assert_memory_equal(p.rgba[i], palette[pixels[i]], 4);
        picture_close(&p);
        ct_buf_fini(&out);
        free(pixels);
    }
}

static void wrong_pictures(void **state) {
    (void)state;
    uint8_t pixel = 0, palette[4] = {0};
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    fails(ct_tiles__png(&out, &pixel, 0, 1, palette, 1), "ARG");
    fails(ct_tiles__png(&out, &pixel, 1, 0, palette, 1), "ARG");
    fails(ct_tiles__png(&out, &pixel, 1, 1, palette, 0), "ARG");
    fails(ct_tiles__png(&out, &pixel, 1, 1, palette, 257), "ARG");
    fails(ct_tiles__png(&out, &pixel, 1, 100000, palette, 1), "ARG");
    ct_buf_init(&out, 40); // no room
    fails(ct_tiles__png(&out, &pixel, 1, 1, palette, 1), "LIMIT");
    ct_buf_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_make_a_scale),
        cmocka_unit_test(json),
        cmocka_unit_test(pictures_come_back),
        cmocka_unit_test(wrong_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
