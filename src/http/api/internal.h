// What the files of http/api share: the context, the supported CRSs, links, pages.
#ifndef CT_HTTP_API_INTERNAL_H
#define CT_HTTP_API_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/jsonw.h"
#include "base/mem.h"
#include "geo/tile.h"
#include "http/api/api.h"

enum {
    CT_API__LIMIT_DEFAULT = 100,
    CT_API__LIMIT_MAX = 10000,
    CT_API__MAX_CRS = 4,
    CT_API__MARKS = 64,             // kept ones; about one a class is in use at a time
    CT_API__MAX_JSON = 256 << 20,   // bytes of one answer
    CT_API__MAX_ATTRIBUTION = 2000, // bytes
    CT_API__MAX_EVENT_CLIENTS = 1500,
    CT_API__KEPT = 4,     // transforms
    CT_API__INDOOR = 16,  // kept indoor models
    CT_API__MAX_WARM = 32 // reading connections opened beforehand
};

#define CT_API__JSON    "application/json"
#define CT_API__GEOJSON "application/geo+json"
#define CT_API__SCHEMA  "application/schema+json"
#define CT_API__HTML    "text/html; charset=utf-8"
#define CT_API__OPENAPI "application/vnd.oai.openapi+json;version=3.0"
#define CT_API__REL     "http://www.opengis.net/def/rel/ogc/1.0/"

typedef struct ct_api__crs {
    const char *uri, *code; // uri in answers; code for transforms
    bool degrees;
    bool swapped; // the authority orders it north, east
    bool flat;    // heights are left out
    bool only_z;  // offered for classes with heights only
    bool has_fit; // `fit` stands in for the transform inside `fit_box` (twin's CRS)
    ct_bbox fit_box;
    ct_fit fit;
} ct_api__crs;

typedef struct ct_api__asset { // a file of the page, in both forms
    char *name;
    const char *type;
    char *plain, *gzip; // gzip NULL where it does not pay
    size_t plain_length, gzip_length;
    bool immutable;
    char etag[33];
} ct_api__asset;

typedef enum ct_api__part { // what /health tells of
    CT_API__STORE,
    CT_API__LIVE,
    CT_API__STORAGE,
    CT_API__MQTT,
    CT_API__QUEUE,
    CT_API__TERRAIN,
    CT_API__PARTS
} ct_api__part;
typedef enum ct_api__health_status {
    CT_API__OK,
    CT_API__DEGRADED, // it serves, but not all of it
    CT_API__FAILED    // it cannot serve
} ct_api__health_status;
typedef struct ct_api__state {
    ct_api__health_status status;
    int64_t since_us; // of the status; 0 = never looked at
    char message[256];
} ct_api__state;

typedef struct ct_api__mark { // of a change: ct_reader_change_mark
    int64_t version;
    uint64_t mark;
} ct_api__mark;

struct ct_api {
    ct_api_parts parts;
    struct ct_api__key **keys; // by class index, then attribute
    ct_http *http;
    ct_http_hub *hub;
    char stamp[33]; // part of every ETag: of the twin, the program and what it was started with
    ct_api__mark marks[CT_API__MARKS]; // by version; under marks_lock
    pthread_mutex_t marks_lock;
    size_t n_crs;
    ct_api__crs crs[CT_API__MAX_CRS];
    ct_crs_info twin_crs;
    pthread_mutex_t lock;    // of the fits, terrain and tick state
    int64_t terrain_version; // class version that min and max belong to; -1: not read
    bool has_terrain;
    double terrain_min_m, terrain_max_m;
    int64_t seen_version; // newest change that was told
    unsigned told_condition;
    pthread_mutex_t health_lock; // of the three below
    ct_api__state states[CT_API__PARTS];
    int64_t looked_us;                          // monotonic; when the tick looked last
    int64_t terrain_seen_us, terrain_looked_us; // folder's time when its rasters were tried; when
    ct_api__asset *assets;
    size_t n_assets;
    int64_t start_us;
    pthread_t warm_thread;
    bool warming;                     // the thread was started
    ct_transform *kept[CT_API__KEPT]; // by it; NULL where there is none
    struct ct_indoor_cache *indoor;
};

// ---- the parts of the API: each adds its routes ----
CT_CHECKED ct_err ct_api__add_all(ct_http *http, ct_api *api, const ct_http_route *routes,
                                  size_t n);
CT_CHECKED ct_err ct_api__common(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__openapi(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__collections(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__items(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__property_sets(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__tiles(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__three_d(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__maps(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__runs(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__live(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__events(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__console(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__health(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__metrics(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__twin(ct_http *http, ct_api *api);
CT_CHECKED ct_err ct_api__indoor(ct_http *http, ct_api *api);

// ---- health.c ----
void ct_api__health_tick(ct_api *api); // looks at the parts once a second, so that `since` is true

// ---- warm.c ----
// Makes in the background what first requests need. After the fits, which need PROJ's database too.
void ct_api__warm_start(ct_api *api);
void ct_api__warm_wait(ct_api *api); // until it is made
void ct_api__warm_end(ct_api *api);  // waits, and frees what is kept

// ---- console.c ----
CT_CHECKED ct_err ct_api__console_load(ct_api *api); // reads the page's files
void ct_api__console_unload(ct_api *api);

// ---- openapi_responses.c, openapi_schemas.c: parts of the API's document ----
void ct_api__openapi_body(ct_jsonw *w, const ct_http_route *route);
void ct_api__openapi_responses(ct_jsonw *w, const ct_http_route *route);
void ct_api__openapi_components(ct_jsonw *w); // the responses that all share
CT_CHECKED ct_err ct_api__openapi_schemas(ct_jsonw *w);

// ---- tiles.c, maps.c ----
// CT_PARSE for what is no number, CT_NOTFOUND outside the matrix set.
CT_CHECKED ct_err ct_api__tile_of(ct_tile *out, const ct_http_req *req);
// Answers with the tile as it is kept, by a ready answer that is kept with it; 204 for an empty
// one. Takes the reference. A tile is always answered with the same type and rule for caches.
CT_CHECKED ct_err ct_api__answer_kept(ct_http_req *req, ct_http_res *res, const ct_tile_data *data,
                                      const char *type, const char *cache);
// Takes the reference; an empty tile becomes a transparent picture.
CT_CHECKED ct_err ct_api__answer_picture(ct_http_req *req, ct_http_res *res,
                                         const ct_tile_data *data, const char *cache);

// ---- condition.c: what is wrong with the server as a whole ----
unsigned ct_api__condition(ct_api *api); // a bit for each reason; 0 = nothing
// "reasons": ["disk-full", "disk-read-only", "storage-fails", "broker-lost"]
void ct_api__write_reasons(ct_jsonw *w, unsigned condition);
void ct_api__tell_condition(ct_api *api); // event `health` when it changed since the last call

// ---- crs.c ----
void ct_api__crs_init(ct_api *api);
// Fits the polynomials to what the twin covers now, if they do not cover it yet. Outside of them
// transforms are exact.
void ct_api__crs_refit(ct_api *api, ct_reader *reader);
bool ct_api__crs_offered(const ct_api__crs *crs, const ct_class *cls);
// Which CRS a parameter's text (URI, code or safe CURIE; NULL = the default) means for the class.
// CT_CRS if it is not in the collection's list. The copy in *out holds the fit of this moment.
CT_CHECKED ct_err ct_api__crs_find(ct_api__crs *out, ct_api *api, const ct_class *cls,
                                   const char *name, const char *text);
void ct_api__crs_write_list(ct_jsonw *w, const ct_api *api, const ct_class *cls);
// Box of the twin's CRS in longitude and latitude.
CT_CHECKED ct_err ct_api__lonlat_box(ct_bbox *box, const ct_api *api);

// ---- feature_json.c: features as GeoJSON in any of the CRSs ----
// `,"height_m":null` of an attribute, escaped once; NULL: not shown. Those of a class lie behind
// each other, so that the texts of neighbours are one.
typedef struct ct_api__key {
    const char *text;
    size_t length, with_null; // without and with the null
} ct_api__key;
CT_CHECKED ct_err ct_api__keys_init(ct_api *api);
void ct_api__keys_fini(ct_api *api);

typedef struct ct_api__feature_writer {
    ct_jsonw w,
        v; // the document; and values inside a feature, whose commas are part of the texts between
    ct_buf *out;
    const ct_class *cls;
    const ct_api__key *keys; // of the class's attributes
    ct_api__crs crs;
    ct_transform *transform; // where the fit does not reach; NULL for the twin's own CRS
    double *points;          // room for one geometry
    size_t room;             // doubles
} ct_api__feature_writer;
// Belongs to one thread. Fini frees the room, not `out`.
CT_CHECKED ct_err ct_api__feature_writer_init(ct_api__feature_writer *f, ct_buf *out,
                                              const ct_api *api, const ct_class *cls,
                                              const ct_api__crs *crs);
void ct_api__feature_writer_fini(ct_api__feature_writer *f);
// Writes the members of a Feature but its end, so that others may follow (by ct_buf_puts(out,
// ",\"links\":"), then v).
CT_CHECKED ct_err ct_api__feature_open(ct_api__feature_writer *f, const ct_feature *feature);
void ct_api__feature_close(ct_api__feature_writer *f);

// ---- items_query.c: what an items request asks for ----
typedef struct ct_api__items_query {
    ct_query query;
    ct_api__crs crs;
    int64_t limit; // query.limit is one more, to see whether there is a next page
    bool has_after;
} ct_api__items_query;
CT_CHECKED ct_err ct_api__items_query_read(ct_api__items_query *out, ct_api *api,
                                           const ct_class *cls, ct_http_req *req);
// The page after `fid`: "/collections/..." with all other parameters kept. Arena.
const char *ct_api__next_path(ct_http_req *req, const ct_class *cls, int64_t fid);

// ---- items_html.c ----
CT_CHECKED ct_err ct_api__items_page(ct_api *api, ct_reader *reader, const ct_api__items_query *q,
                                     ct_http_req *req, ct_http_res *res);
// With the feature's property sets, where it has been given them.
CT_CHECKED ct_err ct_api__item_page(ct_api *api, const ct_feature *feature, ct_http_res *res);
void ct_api__html_value(ct_buf *out, const ct_value *value); // escaped

// ---- property_sets.c ----
void ct_api__html_sets(ct_buf *out, const ct_property *properties, size_t n); // a table a set

// ---- links.c ----
// {"href": base + path, "rel", "type", "title"}; `path` is formatted and starts with / or is "".
void ct_api__link(ct_jsonw *w, const char *base, const char *rel, const char *type,
                  const char *title, const char *path, ...) CT_PRINTF(6, 7);
// The class of the segment {collectionId}. CT_NOTFOUND.
CT_CHECKED ct_err ct_api__class_of(const ct_class **out, const ct_api *api, const ct_http_req *req);
// The stamp: of what every answer depends on beside the features, equal for each start of the same
// program on the same twin.
CT_CHECKED ct_err ct_api__make_stamp(ct_api *api, ct_reader *reader);
void ct_api__stamp_address(ct_api *api, const char *public_url); // "" if it is told by each request
// Puts an ETag made of the stamp, the version's number and content and `form`, which stays the same
// over restarts; true: answered with 304. `reader` NULL (version 0) for what no feature is in.
bool ct_api__not_modified(ct_api *api, ct_http_req *req, ct_http_res *res, ct_reader *reader,
                          int64_t version, const char *form);
// json or html, with Vary: whether html was chosen. Offers JSON as `type` and as application/json.
CT_CHECKED ct_err ct_api__wants_html(bool *html, ct_http_req *req, ct_http_res *res,
                                     const char *type);
// Ends a handler: moves the body, tells caches to ask again.
CT_CHECKED ct_err ct_api__answer(ct_http_res *res, const char *type, ct_buf *body);
// The time now as RFC 3339 text.
void ct_api__now(char out[32]);
// {"en":..,"zh":..}
void ct_api__write_title(ct_jsonw *w, const char *key, const char *en, const char *zh);

// ---- html.c: pages for people ----
typedef struct ct_api__crumb {
    const char *href, *text; // href NULL: the last one
} ct_api__crumb;
void ct_api__html(ct_buf *out, const char *text);                        // escaped
void ct_api__html_link(ct_buf *out, const char *href, const char *text); // both escaped
void ct_api__page_begin(ct_buf *out, ct_api *api, const char *title, const ct_api__crumb *crumbs,
                        size_t n);
CT_CHECKED ct_err ct_api__page_end(ct_buf *out,
                                   ct_http_res *res); // moves the page into the response
ct_err ct_api__style(void *context, ct_http_req *req, ct_http_res *res);

#define CT_API__F_JSON_HTML                                                                        \
    { "f", "{\"type\":\"string\",\"enum\":[\"json\",\"html\"]}", "format; beats Accept", false }
#define CT_API__F_JSON                                                                             \
    { "f", "{\"type\":\"string\",\"enum\":[\"json\"]}", "format; beats Accept", false }

#endif
