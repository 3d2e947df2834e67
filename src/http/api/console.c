// The page's files: read once at the start, kept plain and compressed. Names that carry their
// content's hash (page-3fa9c1d2e0.js) never change and may be kept by browsers for ever; index.html
// is asked for again each time.
#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "http/api/internal.h"

enum { MAX_FILE_BYTES = 32 << 20, MAX_FILES = 500, GZIP_LEVEL = 9, HASH_DIGITS = 8 };

// Scripts, workers and connections of this origin only. Style attributes are how the page hands
// colours to its CSS.
static const char csp[] =
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static const char *type_of(const char *name) {
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".mjs", "text/javascript; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".json", "application/json"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".woff2", "font/woff2"},
                                           {".webp", "image/webp"},
                                           {".pbf", "application/x-protobuf"},
                                           {".map", "application/json"}};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(types[i][0]);
        if (n > length && strcmp(name + n - length, types[i][0]) == 0) return types[i][1];
    }
    return "application/octet-stream";
}

// stem-HASH.ext with at least 8 hexadecimal digits.
static bool has_hash(const char *name) {
    const char *dash = strrchr(name, '-');
    if (!dash) return false;
    size_t n = strspn(dash + 1, "0123456789abcdef");
    return n >= HASH_DIGITS && dash[1 + n] == '.';
}

static void asset_fini(ct_api__asset *a) {
    ct_free(a->name);
    ct_free(a->plain);
    ct_free(a->gzip);
}

static ct_err asset_read(ct_api__asset *out, const char *folder, const char *prefix,
                         const char *name) {
    ct_api__asset a = {.immutable = has_hash(name), .type = type_of(name)};
    char *path = ct_path_join(folder, name);
    a.name = ct_sprintf("%s%s", prefix, name);
    ct_buf packed;
    ct_buf_init(&packed, MAX_FILE_BYTES);
    ct_err err =
        path && a.name ? ct_file_read(&a.plain, &a.plain_length, path, MAX_FILE_BYTES) : CT_NOMEM;
    if (err == CT_OK) err = ct_gzip(&packed, a.plain, a.plain_length, GZIP_LEVEL);
    if (err == CT_OK) {
        ct_hash_hex(a.etag, ct_hash_bytes(a.plain, a.plain_length));
        if (packed.len < a.plain_length - a.plain_length / 10)
            a.gzip = ct_buf_take(&packed, &a.gzip_length);
        *out = a;
    } else {
        asset_fini(&a);
    }
    ct_buf_fini(&packed);
    ct_free(path);
    return err;
}

typedef struct reading {
    ct_api *api;
    const char *folder, *prefix;
} reading;

// Folders one level down ("glyphs/...") are read too.
static ct_err take_entry(void *context, const char *name, bool is_dir) {
    reading *r = context;
    ct_api *api = r->api;
    if (is_dir) {
        if (*r->prefix) return CT_OK;
        char *folder = ct_path_join(r->folder, name), *prefix = ct_sprintf("%s/", name);
        reading inner = {api, folder, prefix};
        ct_err err = folder && prefix ? ct_dir_list(folder, take_entry, &inner) : CT_NOMEM;
        ct_free(folder);
        ct_free(prefix);
        return err;
    }
    if (api->n_assets == MAX_FILES)
        return ct_fail(CT_LIMIT, "%s: more than %d files", r->folder, MAX_FILES);
    ct_api__asset *assets = ct_realloc(api->assets, (api->n_assets + 1) * sizeof *assets);
    if (!assets) return CT_NOMEM;
    api->assets = assets;
    CT_TRY(asset_read(&assets[api->n_assets], r->folder, r->prefix, name));
    api->n_assets++;
    return CT_OK;
}

ct_err ct_api__console_load(ct_api *api) {
    const char *folder = api->parts.console_folder;
    if (!folder) return CT_OK;
    reading all = {api, folder, ""};
    return ct_context(ct_dir_list(folder, take_entry, &all), "console");
}

void ct_api__console_unload(ct_api *api) {
    for (size_t i = 0; i < api->n_assets; i++) asset_fini(&api->assets[i]);
    ct_free(api->assets);
}

static ct_err serve(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    const char *rest = ct_http_req_segment(req, "file"), *path = ct_http_req_path(req);
    if (strcmp(path, "/console") == 0) { // the page's links are relative to the folder
        ct_http_res_status(res, 308);
        ct_http_res_header(res, "Location", "/console/");
        return CT_OK;
    }
    if (!*rest) rest = "index.html";
    const ct_api__asset *a = NULL;
    for (size_t i = 0; i < api->n_assets && !a; i++)
        if (strcmp(api->assets[i].name, rest) == 0) a = &api->assets[i];
    if (!a) return ct_fail(CT_NOTFOUND, "the page has no file %s", rest);
    ct_http_res_header(res, "Cache-Control",
                       a->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    ct_http_res_header(res, "Content-Security-Policy", csp);
    ct_http_res_header(res, "Referrer-Policy", "no-referrer");
    if (ct_http_not_modified(req, res, a->etag)) return CT_OK;
    if (a->gzip)
        ct_http_res_bytes(res, a->type, a->gzip, a->gzip_length, true, NULL, NULL);
    else
        ct_http_res_bytes(res, a->type, a->plain, a->plain_length, false, NULL, NULL);
    return CT_OK;
}

static const ct_http_route route = {.method = CT_HTTP_GET,
                                    .path = "/console/{file...}",
                                    .handler = serve,
                                    .name = "getPage",
                                    .summary = "The page",
                                    .type = "text/html"};

ct_err ct_api__console(ct_http *http, ct_api *api) {
    if (!api->n_assets) return CT_OK;
    return ct_api__add_all(http, api, &route, 1);
}
