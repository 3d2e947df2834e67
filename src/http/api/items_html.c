// Features as pages: a table of one page of items, a card of one.
#include <stdio.h>
#include <string.h>

#include "http/api/internal.h"

enum { TABLE_COLUMNS = 8 }; // a page shows the first attributes; the card shows all

void ct_api__html_value(ct_buf *out, const ct_value *value) {
    switch (value->kind) {
    case CT_VALUE_NULL: return;
    case CT_VALUE_INTEGER: ct_buf_printf(out, "%lld", (long long)value->as.integer); return;
    case CT_VALUE_REAL: ct_buf_printf(out, "%.10g", value->as.real); return;
    case CT_VALUE_TEXT: ct_api__html(out, value->as.text); return;
    case CT_VALUE_BOOLEAN: ct_buf_puts(out, value->as.boolean ? "yes" : "no"); return;
    }
}

static void put_head(ct_buf *out, const ct_class *cls) {
    ct_buf_puts(out, "<table><tr><th>id</th>");
    size_t shown = 0;
    for (size_t i = 0; i < cls->n_attrs && shown < TABLE_COLUMNS; i++) {
        const ct_attr *attr = &cls->attrs[i];
        if (attr->personal) continue;
        ct_buf_puts(out, "<th>");
        ct_api__html(out, attr->title_en);
        if (attr->unit) {
            ct_buf_puts(out, " (");
            ct_api__html(out, attr->unit);
            ct_buf_putc(out, ')');
        }
        ct_buf_puts(out, "</th>");
        shown++;
    }
    ct_buf_puts(out, "</tr>\n");
}

static void put_row(ct_buf *out, const ct_feature *feature) {
    const ct_class *cls = feature->cls;
    char href[320];
    snprintf(href, sizeof href, "/collections/%s/items/%s?f=html", cls->collection, feature->id);
    ct_buf_puts(out, "<tr><td>");
    ct_api__html_link(out, href, feature->id);
    ct_buf_puts(out, "</td>");
    size_t shown = 0;
    for (size_t i = 0; i < cls->n_attrs && shown < TABLE_COLUMNS; i++) {
        if (cls->attrs[i].personal) continue;
        ct_buf_puts(out, "<td>");
        ct_api__html_value(out, &feature->values[i]);
        ct_buf_puts(out, "</td>");
        shown++;
    }
    ct_buf_puts(out, "</tr>\n");
}

static ct_err put_rows(ct_buf *out, ct_reader *reader, const ct_api__items_query *q,
                       int64_t *last_fid, bool *more) {
    ct_query query = q->query;
    query.skip_geometry = !query.has_bbox;
    ct_cursor *cursor;
    CT_TRY(ct_cursor_open(&cursor, reader, &query));
    const ct_feature *feature;
    ct_err err;
    int64_t n = 0;
    *more = false;
    while ((err = ct_cursor_next(cursor, &feature)) == CT_OK) {
        *more = n == q->limit;
        if (*more) break;
        put_row(out, feature);
        *last_fid = feature->fid;
        n++;
    }
    ct_cursor_close(cursor);
    return err == CT_NOTFOUND ? CT_OK : err;
}

ct_err ct_api__items_page(ct_api *api, ct_reader *reader, const ct_api__items_query *q,
                          ct_http_req *req, ct_http_res *res) {
    const ct_class *cls = q->query.cls;
    int64_t matched, last_fid = 0;
    bool more = false;
    CT_TRY(ct_reader_count(&matched, reader, &q->query));
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    char href[160];
    snprintf(href, sizeof href, "/collections/%s?f=html", cls->collection);
    ct_api__crumb crumbs[] = {
        {"/collections?f=html", "Collections"}, {href, cls->title_en}, {NULL, "Features"}};
    ct_api__page_begin(&out, api, cls->title_en, crumbs, 3);
    ct_buf_printf(&out, "<p>%lld features", (long long)matched);
    if (api->n_assets) {
        ct_buf_puts(&out, " · ");
        ct_api__html_link(&out, "/console/", "map");
    }
    ct_buf_puts(&out, "</p>\n");
    put_head(&out, cls);
    ct_err err = put_rows(&out, reader, q, &last_fid, &more);
    const char *next = err == CT_OK && more ? ct_api__next_path(req, cls, last_fid) : NULL;
    if (err == CT_OK && more && !next) err = CT_NOMEM;
    if (err) {
        ct_buf_fini(&out);
        return err;
    }
    ct_buf_puts(&out, "</table>\n");
    if (next) {
        ct_buf_puts(&out, "<p>");
        ct_api__html_link(&out, next, "Next page");
        ct_buf_puts(&out, "</p>\n");
    }
    return ct_api__page_end(&out, res);
}

ct_err ct_api__item_page(ct_api *api, const ct_feature *feature, ct_http_res *res) {
    const ct_class *cls = feature->cls;
    ct_buf out;
    ct_buf_init(&out, CT_API__MAX_JSON);
    char up[160], items[160], json[320];
    snprintf(up, sizeof up, "/collections/%s?f=html", cls->collection);
    snprintf(items, sizeof items, "/collections/%s/items?f=html", cls->collection);
    snprintf(json, sizeof json, "/collections/%s/items/%s?f=json", cls->collection, feature->id);
    ct_api__crumb crumbs[] = {{"/collections?f=html", "Collections"},
                              {up, cls->title_en},
                              {items, "Features"},
                              {NULL, feature->id}};
    const char *name = ct_feature_text(feature, "name", NULL);
    ct_api__page_begin(&out, api, name ? name : feature->id, crumbs, 4);
    ct_buf_puts(&out, "<p class=\"quiet\">");
    ct_api__html(&out, feature->id);
    ct_buf_puts(&out, " · ");
    ct_api__html_link(&out, json, "GeoJSON");
    ct_buf_puts(&out, "</p>\n<table>\n");
    for (size_t i = 0; i < cls->n_attrs; i++) {
        const ct_attr *attr = &cls->attrs[i];
        if (attr->personal || feature->values[i].kind == CT_VALUE_NULL) continue;
        ct_buf_puts(&out, "<tr><th>");
        ct_api__html(&out, attr->title_en);
        ct_buf_puts(&out, "</th><th>");
        ct_api__html(&out, attr->title_zh);
        ct_buf_puts(&out, "</th><td>");
        ct_api__html_value(&out, &feature->values[i]);
        if (attr->unit) {
            ct_buf_putc(&out, ' ');
            ct_api__html(&out, attr->unit);
        }
        ct_buf_puts(&out, "</td></tr>\n");
    }
    ct_buf_puts(&out, "</table>\n");
    ct_api__html_sets(&out, feature->properties, feature->n_properties);
    return ct_api__page_end(&out, res);
}
