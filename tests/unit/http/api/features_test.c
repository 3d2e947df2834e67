// Features over HTTP: paging, boxes and output in every CRS, time, attributes, errors, caching,
// single features.
#include <math.h>

#include "geo/crs.h"
#include "unit/http/api/twin.h"

static void paging_covers_all_once(void **state) {
    const twin *t = *state;
    bool seen[N_BUILDINGS] = {false};
    char target[1024] = "/collections/buildings/items?limit=37";
    int pages = 0, features = 0;
    for (;;) {
        json_t *page = get_json(t, target, 200);
        const json_t *list = json_object_get(page, "features");
        pages++;
        assert_int_equal(json_integer_value(json_object_get(page, "numberReturned")),
                         json_array_size(list));
        assert_int_equal(json_integer_value(json_object_get(page, "numberMatched")), N_BUILDINGS);
        for (size_t i = 0; i < json_array_size(list); i++) {
            long n = strtol(text_of(json_array_get(list, i), "id") + 5, NULL, 10);
            assert_in_range(n, 0, N_BUILDINGS - 1);
            assert_false(seen[n]);
            seen[n] = true;
            features++;
        }
        const char *next = link_of(page, "next", "application/geo+json");
        if (next) snprintf(target, sizeof target, "%s", path_of(t, next));
        json_decref(page);
        if (!next) break;
    }
    assert_int_equal(features, N_BUILDINGS);
    assert_int_equal(pages, (N_BUILDINGS + 36) / 37);
}

static int64_t matched(const twin *t, const char *query) {
    char target[1024];
    snprintf(target, sizeof target, "/collections/buildings/items?%s", query);
    json_t *page = get_json(t, target, 200);
    int64_t n = json_integer_value(json_object_get(page, "numberMatched"));
    json_decref(page);
    return n;
}

static void limits(void **state) {
    const twin *t = *state;
    json_t *page = get_json(t, "/collections/buildings/items", 200); // 100 by default
    assert_int_equal(json_array_size(json_object_get(page, "features")), 100);
    assert_non_null(link_of(page, "next", NULL));
    assert_true(strlen(text_of(page, "timeStamp")) >= 20);
    json_decref(page);
    page = get_json(t, "/collections/buildings/items?limit=1000000", 200); // taken as the maximum
    assert_int_equal(json_array_size(json_object_get(page, "features")), N_BUILDINGS);
    assert_null(link_of(page, "next", NULL));
    json_decref(page);
    page =
        get_json(t, "/collections/buildings/items?limit=99999999999999999999", 200); // so is this
    assert_int_equal(json_array_size(json_object_get(page, "features")), N_BUILDINGS);
    json_decref(page);
    page = get_json(t, "/collections/buildings/items?limit=250", 200); // exactly full: no next page
    assert_null(link_of(page, "next", NULL));
    json_decref(page);
}

// The box around the 3 x 2 buildings of the grid's columns 4..6 and rows 2..3, in the CRS.
static void box_in(char out[200], const char *crs, bool swapped) {
    ct_bbox box = {twin_east + 4 * building_step_m - 2, twin_north + 2 * building_step_m - 2,
                   twin_east + 6 * building_step_m + 14, twin_north + 3 * building_step_m + 14};
    double xy[] = {box.min_x, box.min_y, box.max_x, box.max_y};
    ct_transform *transform;
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, crs), CT_OK);
    assert_int_equal(ct_transform_points(transform, xy, 2, 2), CT_OK);
    if (swapped)
        snprintf(out, 200, "%.9f,%.9f,%.9f,%.9f", xy[1], xy[0], xy[3], xy[2]);
    else
        snprintf(out, 200, "%.9f,%.9f,%.9f,%.9f", xy[0], xy[1], xy[2], xy[3]);
}

// Round the world at the town's latitudes, but for a strip with the buildings of columns 2 and 3.
static void gap_in(char out[200]) {
    double xy[] = {twin_east + 4 * building_step_m - 9, twin_north - 9,
                   twin_east + 2 * building_step_m - 9, twin_north + 10 * building_step_m};
    ct_transform *transform;
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, "OGC:CRS84"), CT_OK);
    assert_int_equal(ct_transform_points(transform, xy, 2, 2), CT_OK);
    snprintf(out, 200, "%.9f,%.9f,%.9f,%.9f", xy[0], xy[1], xy[2], xy[3]);
}

static void boxes_agree_in_every_crs(void **state) {
    const twin *t = *state;
    char box[200], query[512];
    box_in(box, "OGC:CRS84", false);
    snprintf(query, sizeof query, "bbox=%s", box);
    assert_int_equal(matched(t, query), 6);
    snprintf(query, sizeof query, "bbox=%s&bbox-crs=%s", box, CT_CRS84_URI);
    assert_int_equal(matched(t, query), 6);
    box_in(box, TWIN_CRS, true); // north before east, as the authority says
    snprintf(query, sizeof query, "bbox=%s&bbox-crs=%s", box, TWIN_CRS_URI);
    assert_int_equal(matched(t, query), 6);
    box_in(box, "EPSG:3857", false);
    snprintf(query, sizeof query, "bbox=%s&bbox-crs=%s", box, MERCATOR_URI);
    assert_int_equal(matched(t, query), 6);
    assert_int_equal(matched(t, "bbox=0,0,1,1"), 0);
    assert_int_equal(matched(t, "bbox=114,30,0,115,31,100"), N_BUILDINGS); // with heights
    assert_int_equal(matched(t, "bbox=114,30,21,115,31,22"), N_BUILDINGS); // they stand at 21.5 m
    assert_int_equal(matched(t, "bbox=114,30,22,115,31,100"), 0);
    assert_int_equal(matched(t, "bbox=114,30,-5,115,31,21"), 0);
    assert_int_equal(matched(t, "bbox=-180,-90,180,90"), N_BUILDINGS); // the world
    assert_int_equal(matched(t, "bbox=-150,0,170,80"), N_BUILDINGS);
    assert_int_equal(matched(t, "bbox=100,0,-100,60"), N_BUILDINGS); // over the antimeridian
    assert_int_equal(matched(t, "bbox=170,0,-170,60"), 0);
    // round the world but for a strip that the twin does not reach, or that it lies in
    assert_int_equal(matched(t, "bbox=115.5,0,115.4,60"), N_BUILDINGS);
    assert_int_equal(matched(t, "bbox=115,0,114,60"), 0);
    gap_in(box);
    snprintf(query, sizeof query, "bbox=%s", box);
    assert_int_equal(matched(t, query), N_BUILDINGS - 2 * N_BUILDINGS / GRID_COLUMNS);
    assert_int_equal(matched(t, "bbox=114,30,115,31&use=school"), N_BUILDINGS / 5);
    json_t *page =
        get_json(t, "/collections/households/items?bbox=0,0,1,1", 200); // no geometry: matches
    assert_int_equal(json_array_size(json_object_get(page, "features")), 1);
    json_decref(page);
}

// Coordinates of the first point of bldg-26 (column 1, row 1), and the header.
static size_t first_point(const twin *t, const char *crs, double out[3], char header[1024]) {
    char target[256];
    snprintf(target, sizeof target, "/collections/buildings/items/bldg-26%s%s", crs ? "?crs=" : "",
             crs ? crs : "");
    answer a = get(t->port, target);
    assert_int_equal(a.status, 200);
    (void)answer_header(&a, "Content-Crs", header);
    json_t *feature;
    assert_int_equal(ct_json_parse(&feature, a.body, a.length, 1 << 20), CT_OK);
    const json_t *ring = json_object_get(json_object_get(feature, "geometry"), "coordinates");
    for (int i = 0; i < 3; i++) ring = json_array_get(ring, 0);
    size_t n = json_array_size(ring);
    for (size_t i = 0; i < n; i++) out[i] = json_number_value(json_array_get(ring, i));
    json_decref(feature);
    answer_free(&a);
    return n;
}

static void output_in_every_crs(void **state) {
    const twin *t = *state;
    double east = twin_east + building_step_m, north = twin_north + building_step_m, p[3], q[3],
           xy[2];
    char header[1024];
    assert_int_equal(first_point(t, TWIN_CRS_URI, p, header),
                     3); // axis order of the authority: north, east
    assert_string_equal(header, "<" TWIN_CRS_URI ">");
    assert_true(fabs(p[0] - north) < 1e-3 && fabs(p[1] - east) < 1e-3 && fabs(p[2] - 21.5) < 1e-3);

    ct_transform *transform;
    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, CT_CRS_CRS84), CT_OK);
    xy[0] = east, xy[1] = north;
    assert_int_equal(ct_transform_points(transform, xy, 1, 2), CT_OK);
    assert_int_equal(first_point(t, NULL, p, header), 3); // the default keeps the heights
    assert_string_equal(header, "<" CT_CRS84H_URI ">");
    assert_true(fabs(p[0] - xy[0]) < 1.01e-7 && fabs(p[1] - xy[1]) < 1.01e-7 &&
                fabs(p[2] - 21.5) < 1e-3);
    assert_int_equal(first_point(t, CT_CRS84_URI, q, header), 2); // flat
    assert_string_equal(header, "<" CT_CRS84_URI ">");
    assert_true(p[0] == q[0] && p[1] == q[1]);

    assert_int_equal(ct_transform_get(&transform, TWIN_CRS, "EPSG:3857"), CT_OK);
    xy[0] = east, xy[1] = north;
    assert_int_equal(ct_transform_points(transform, xy, 1, 2), CT_OK);
    (void)first_point(t, MERCATOR_URI, p, header);
    assert_string_equal(header, "<" MERCATOR_URI ">");
    assert_true(fabs(p[0] - xy[0]) < 2e-3 && fabs(p[1] - xy[1]) < 2e-3);
    (void)first_point(t, "[EPSG:3857]", q, header); // safe CURIE
    assert_true(p[0] == q[0]);
}

// Exterior rings run counter-clockwise (RFC 7946, 3.1.6), whatever the source did.
static void rings_are_wound_as_geojson_wants(void **state) {
    const twin *t = *state;
    json_t *page = get_json(t, "/collections/buildings/items?limit=20", 200);
    size_t i;
    json_t *feature;
    json_array_foreach(json_object_get(page, "features"), i, feature) {
        const json_t *ring = json_object_get(json_object_get(feature, "geometry"), "coordinates");
        ring = json_array_get(json_array_get(ring, 0), 0);
        double area = 0;
        for (size_t k = 0; k + 1 < json_array_size(ring); k++) {
            const json_t *a = json_array_get(ring, k), *b = json_array_get(ring, k + 1);
            area +=
                json_number_value(json_array_get(a, 0)) * json_number_value(json_array_get(b, 1)) -
                json_number_value(json_array_get(b, 0)) * json_number_value(json_array_get(a, 1));
        }
        assert_true(area > 0);
    }
    json_decref(page);
}

static int64_t events_at(const twin *t, const char *datetime) {
    char target[256];
    snprintf(target, sizeof target, "/collections/events/items?datetime=%s", datetime);
    json_t *page = get_json(t, target, 200);
    int64_t n = json_integer_value(json_object_get(page, "numberReturned"));
    json_decref(page);
    return n;
}

static void datetime_selects(void **state) {
    const twin *t = *state; // one at 20 July 20:00, one at 21 July 8:30
    assert_int_equal(events_at(t, "2026-07-20T20:00:00Z"), 1);
    assert_int_equal(events_at(t, "2026-07-20T22:00:00%2B02:00"), 1);
    assert_int_equal(events_at(t, "2026-07-20T19:00:00Z/2026-07-21T09:00:00Z"), 2);
    assert_int_equal(events_at(t, "../2026-07-21T00:00:00Z"), 1);
    assert_int_equal(events_at(t, "2026-07-21T00:00:00Z/.."), 1);
    assert_int_equal(events_at(t, "2030-01-01T00:00:00Z/"), 0);
    assert_int_equal(matched(t, "datetime=1990-01-01"), N_BUILDINGS); // a class without time
    static const char *const bad[] = {"yesterday", "2026-07-21T00:00:00Z/2026-07-20T00:00:00Z",
                                      "2026-13-01T00:00:00Z", "a/b", ""};
    for (size_t i = 0; i < 5; i++) {
        char target[256];
        snprintf(target, sizeof target, "/collections/events/items?datetime=%s", bad[i]);
        expect_status(t, target, 400);
    }
}

static void attributes_select(void **state) {
    const twin *t = *state;
    assert_int_equal(matched(t, "use=school"), N_BUILDINGS / 5);
    assert_int_equal(matched(t, "residents=17"), 1);
    assert_int_equal(matched(t, "use=school&residents=17"), 0);
    assert_int_equal(matched(t, "name=Tower+12"), 1);
    assert_int_equal(matched(t, "name=%27%20OR%201%3D1%20--"), 0);
    assert_int_equal(matched(t, "use=school&limit=7"), N_BUILDINGS / 5); // counted beyond the page
    json_t *page = get_json(t, "/collections/buildings/items?use=school&limit=7", 200);
    const char *next = path_of(t, link_of(page, "next", NULL));
    assert_non_null(strstr(next, "use=school"));
    assert_non_null(strstr(next, "limit=7"));
    json_decref(page);
}

static void wrong_questions(void **state) {
    const twin *t = *state;
    static const char *const bad[] = {"limit=0",
                                      "limit=-1",
                                      "limit=abc",
                                      "limit=1.5",
                                      "limit=",
                                      "bbox=1,2,3",
                                      "bbox=1,2,3,4,5",
                                      "bbox=a,b,c,d",
                                      "bbox=",
                                      "bbox=1,2,3,nan",
                                      "bbox=1,5,2,4",
                                      "bbox-crs=http://x",
                                      "crs=http://x",
                                      "crs=EPSG:4326",
                                      "crs=",
                                      "unknown=1",
                                      "limit=1&limit=2",
                                      "use=school&use=school",
                                      "residents=many",
                                      "after=xyz",
                                      "after=-1",
                                      "after=abc",
                                      "after=64-00000000",
                                      "after=",
                                      "f=xml",
                                      "bbox=1,2,3,4&bbox-crs=EPSG:32650",
                                      "fid=3",
                                      "geom=1",
                                      "keeper=x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char target[256], type[1024];
        snprintf(target, sizeof target, "/collections/buildings/items?%s", bad[i]);
        answer a = get(t->port, target);
        if (a.status != 400) fail_msg("%s: %d", target, a.status);
        assert_string_equal(answer_header(&a, "Content-Type", type), "application/problem+json");
        answer_free(&a);
    }
    expect_status(t, "/collections/grid_cells/items?keeper=Secret+Person",
                  400); // cannot be guessed at either
    expect_status(t, "/collections/none/items", 404);
    expect_status(t, "/collections/buildings/items/none", 404);
    expect_status(t, "/collections/events/items/bldg-1", 404); // of another collection
    expect_status(t, "/collections/buildings/items/bldg-1?x=1", 400);
    expect_status(t, "/collections/events/items?crs=http://www.opengis.net/def/crs/OGC/0/CRS84h",
                  400);
}

static void personal_attributes_stay_inside(void **state) {
    const twin *t = *state;
    static const char *const targets[] = {
        "/collections/grid_cells/items", "/collections/grid_cells/items?f=html",
        "/collections/grid_cells/items/cell-1", "/collections/grid_cells/items/cell-1?f=html"};
    for (size_t i = 0; i < 4; i++) {
        answer a = get(t->port, targets[i]);
        assert_int_equal(a.status, 200);
        assert_non_null(strstr(a.body, "cell-1"));
        assert_null(strstr(a.body, "Secret"));
        assert_null(strstr(a.body, "keeper"));
        answer_free(&a);
    }
}

static void single_feature(void **state) {
    const twin *t = *state;
    json_t *f = get_json(t, "/collections/buildings/items/bldg-7", 200);
    assert_string_equal(text_of(f, "type"), "Feature");
    assert_string_equal(text_of(f, "id"), "bldg-7");
    const json_t *p = json_object_get(f, "properties");
    assert_string_equal(text_of(p, "name"), "<script>alert(\"7\")</script> & Co");
    assert_string_equal(text_of(p, "name_zh"), "楼");
    assert_int_equal(json_integer_value(json_object_get(p, "residents")), 7);
    assert_true(json_is_null(json_object_get(p, "structure")));
    assert_true(json_is_real(json_object_get(p, "height_m"))); // 21.0, not 21: the column is real
    assert_null(json_object_get(p, "fid"));
    assert_non_null(link_of(f, "collection", "application/json"));
    json_t *again = get_json(t, path_of(t, link_of(f, "self", NULL)), 200);
    assert_true(json_equal(f, again));
    json_decref(f);
    json_decref(again);
    f = get_json(t, "/collections/households/items/home-1", 200);
    assert_true(json_is_null(json_object_get(f, "geometry")));
    json_decref(f);
}

static void add_shelter_of_a_model(const twin *t) {
    static const uint32_t corners[12] = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3},
                          ends[4] = {1, 2, 3, 4};
    static const double xyz[12] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    const ct_mesh mesh = {.n_points = 4,
                          .n_triangles = 4,
                          .n_faces = 4,
                          .xyz = (double *)(uintptr_t)xyz,
                          .triangles = (uint32_t *)(uintptr_t)corners,
                          .face_end = (uint32_t *)(uintptr_t)ends};
    ct_body_part parts[2] = {{&mesh, ct_affine_identity, {"brick", {1, 0.5F, 0, 1}}, 2},
                             {&mesh, ct_affine_identity, {"brick", {1, 0.5F, 0, 1}}, 4}};
    for (int i = 0; i < 2; i++) {
        parts[i].place.m[3] = twin_east + 2 * i;
        parts[i].place.m[7] = twin_north;
        parts[i].place.m[11] = 20;
    }
    const ct_body body = {2, parts};
    const ct_property properties[3] = {
        {"Pset_Doors", "Is<External>", {CT_VALUE_BOOLEAN, {.boolean = true}}, ""},
        {"Qto_Walls", "NetVolume", {CT_VALUE_REAL, {.real = 2.5}}, "ft3"},
        {"Qto_Walls", "Tag", {CT_VALUE_TEXT, {.text = "W-7"}}, ""}};
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_feature f = feature_of(t, arena, "shelter", "shelter-1");
    f.geom = square(arena, twin_east, twin_north, 20, 5);
    f.body = &body;
    f.properties = properties;
    f.n_properties = 3;
    f.source_id = "2O2Fr$t4X7Zf8NOew3FLOH";
    ct_writer *writer;
    int64_t version;
    assert_int_equal(ct_store_writer(&writer, t->store, "a model"), CT_OK);
    add(writer, arena, &f);
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    ct_arena_free(arena);
}

static void property_sets_are_served(void **state) {
    const twin *t = *state;
    const char *target = "/collections/shelters/items/shelter-1/property-sets";
    add_shelter_of_a_model(t);
    json_t *f = get_json(t, "/collections/shelters/items/shelter-1", 200);
    assert_string_equal(path_of(t, link_of(f, "related", NULL)), target);
    json_decref(f);
    json_t *sets = get_json(t, target, 200), *expected = NULL;
    static const char text[] =
        "[{\"name\":\"Pset_Doors\",\"properties\":[{\"name\":\"Is<External>\",\"value\":true}]},"
        "{\"name\":\"Qto_Walls\",\"properties\":[{\"name\":\"NetVolume\",\"value\":2.5,"
        "\"unit\":\"ft3\"},{\"name\":\"Tag\",\"value\":\"W-7\"}]}]";
    assert_int_equal(ct_json_parse(&expected, text, sizeof text - 1, 1 << 16), CT_OK);
    assert_true(json_equal(json_object_get(sets, "sets"), expected));
    assert_string_equal(text_of(sets, "sourceId"), "2O2Fr$t4X7Zf8NOew3FLOH");
    const json_t *body = json_object_get(sets, "body");
    assert_int_equal(json_integer_value(json_object_get(body, "triangles")), 8);
    const json_t *lods = json_object_get(body, "levelsOfDetail"),
                 *box = json_object_get(body, "box");
    assert_int_equal(json_array_size(lods), 2);
    assert_int_equal(json_integer_value(json_array_get(lods, 1)), 4);
    assert_int_equal(json_array_size(json_object_get(body, "materials")), 1);
    assert_true(fabs(json_number_value(json_array_get(box, 3)) - (twin_east + 3)) < 1e-6);
    assert_true(fabs(json_number_value(json_array_get(box, 5)) - (21)) < 1e-6);
    json_decref(sets);
    json_decref(expected);

    answer page = get(t->port, "/collections/shelters/items/shelter-1?f=html");
    assert_non_null(strstr(page.body, "<h2>Qto_Walls</h2>"));
    assert_non_null(strstr(page.body, "<th>Is&lt;External&gt;</th><td>yes</td>"));
    assert_non_null(strstr(page.body, "2.5 ft3"));
    answer_free(&page);

    sets = get_json(t, "/collections/buildings/items/bldg-7/property-sets", 200); // none
    assert_int_equal(json_array_size(json_object_get(sets, "sets")), 0);
    assert_true(json_is_null(json_object_get(sets, "body")));
    json_decref(sets);
    json_decref(get_json(t, "/collections/shelters/items/nothing/property-sets", 404));
    json_decref(get_json(t, "/collections/nothing/items/shelter-1/property-sets", 404));
    json_decref(get_json(t, "/collections/shelters/items/shelter-1/property-sets?a=b", 400));

    char etag[1024], header[1100];
    answer a = get(t->port, target);
    (void)answer_header(&a, "ETag", etag);
    answer_free(&a);
    (void)snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    a = request(t->port, "GET", target, header, NULL);
    assert_int_equal(a.status, 304);
    answer_free(&a);
}

static void caching_follows_the_data(void **state) {
    twin *t = *state;
    const char *target = "/collections/events/items";
    char etag[1024], header[1100];
    answer a = get(t->port, target);
    (void)answer_header(&a, "ETag", etag);
    answer_free(&a);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    a = request(t->port, "GET", target, header, NULL);
    assert_int_equal(a.status, 304);
    assert_int_equal(a.length, 0);
    answer_free(&a);
    a = request(t->port, "GET", "/collections/events/items?f=html", header, NULL);
    assert_int_equal(a.status, 200); // another representation
    answer_free(&a);
    ct_writer *writer;
    ct_arena *arena = ct_arena_new(4096, 0);
    ct_feature f = feature_of(t, arena, "event", "event-new");
    set_text(&f, "start_time", "2026-08-01T00:00:00Z");
    f.geom = point(arena, twin_east, twin_north, 0, false);
    int64_t version;
    assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
    add(writer, arena, &f);
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    a = request(t->port, "GET", target, header, NULL);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "event-new"));
    answer_free(&a);
    assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
    assert_int_equal(ct_writer_remove(writer, "event-new"), CT_OK);
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    ct_arena_free(arena);
}

static void compressed_and_head_answers_agree(void **state) {
    const twin *t = *state;
    const char *target = "/collections/buildings/items/bldg-1";
    char value[1024];
    answer plain = get(t->port, target);
    answer packed = request(t->port, "GET", target, "Accept-Encoding: gzip\r\n", NULL);
    assert_string_equal(answer_header(&packed, "Content-Encoding", value), "gzip");
    ct_buf out;
    ct_buf_init(&out, 1 << 20);
    assert_int_equal(ct_gunzip(&out, packed.body, packed.length, 1 << 20), CT_OK);
    assert_int_equal(out.len, plain.length);
    assert_memory_equal(out.data, plain.body, out.len);
    answer head = request(t->port, "HEAD", target, "", NULL);
    assert_int_equal(head.status, 200);
    assert_int_equal(head.length, 0);
    assert_int_equal(strtol(answer_header(&head, "Content-Length", value), NULL, 10), plain.length);
    ct_buf_fini(&out);
    answer_free(&plain);
    answer_free(&packed);
    answer_free(&head);
    answer a = request(t->port, "POST", "/collections/buildings/items",
                       "Content-Type: application/json\r\n", "{}");
    assert_int_equal(a.status, 405);
    assert_string_equal(answer_header(&a, "Allow", value), "GET, HEAD, OPTIONS");
    answer_free(&a);
    a = request(t->port, "GET", target, "Accept: image/png\r\n", NULL);
    assert_int_equal(a.status, 406);
    answer_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paging_covers_all_once),
        cmocka_unit_test(limits),
        cmocka_unit_test(boxes_agree_in_every_crs),
        cmocka_unit_test(output_in_every_crs),
        cmocka_unit_test(rings_are_wound_as_geojson_wants),
        cmocka_unit_test(datetime_selects),
        cmocka_unit_test(attributes_select),
        cmocka_unit_test(wrong_questions),
        cmocka_unit_test(personal_attributes_stay_inside),
        cmocka_unit_test(single_feature),
        cmocka_unit_test(property_sets_are_served),
        cmocka_unit_test(caching_follows_the_data),
        cmocka_unit_test(compressed_and_head_answers_agree),
    };
    return cmocka_run_group_tests(tests, twin_open, twin_close);
}
