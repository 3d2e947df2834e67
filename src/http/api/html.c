// Plain pages for people: a frame, crumbs, escaped text, one style sheet. No script, no outside
// request.
#include <string.h>

#include "http/api/internal.h"

static const char csp[] = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                          "form-action 'self'; frame-ancestors 'none'";

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 "
    "auto;max-width:75rem;padding:1rem;color:#1b2430;"
    "background:#fff}"
    "nav{margin-bottom:1rem;color:#5a6675}nav a{color:#0b5cad}a{color:#0b5cad}"
    "h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{border:1px solid #d5dbe3;padding:.25rem "
    ".6rem;text-align:left;vertical-align:top;white-space:nowrap}"
    "th{background:#f1f4f8}tr:nth-child(even) td{background:#fafbfc}"
    ".big{font-size:1.1rem}.quiet{color:#5a6675}"
    "@media(prefers-color-scheme:dark){body{background:#12171e;color:#dde4ec}a,nav a{color:#7db7f2}"
    "th{background:#1c242e}th,td{border-color:#313c49}tr:nth-child(even) td{background:#161d26}}";

void ct_api__html(ct_buf *out, const char *text) {
    while (text && *text) {
        size_t n = strcspn(text, "<>&\"'");
        ct_buf_put(out, text, n);
        text += n;
        if (!*text) break;
        const char *entity = *text == '<'   ? "&lt;"
                             : *text == '>' ? "&gt;"
                             : *text == '&' ? "&amp;"
                             : *text == '"' ? "&quot;"
                                            : "&#39;";
        ct_buf_puts(out, entity);
        text++;
    }
}

void ct_api__html_link(ct_buf *out, const char *href, const char *text) {
    ct_buf_puts(out, "<a href=\"");
    ct_api__html(out, href);
    ct_buf_puts(out, "\">");
    ct_api__html(out, text);
    ct_buf_puts(out, "</a>");
}

void ct_api__page_begin(ct_buf *out, ct_api *api, const char *title, const ct_api__crumb *crumbs,
                        size_t n) {
    ct_buf_puts(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    ct_api__html(out, title);
    ct_buf_puts(out, " - ");
    ct_api__html(out, ct_store_title(api->parts.store));
    ct_buf_puts(out,
                "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                "<link rel=\"stylesheet\" href=\"/style.css\"></head><body>\n<nav>");
    ct_api__html_link(out, "/?f=html", ct_store_title(api->parts.store));
    for (size_t i = 0; i < n; i++) {
        ct_buf_puts(out, " / ");
        if (crumbs[i].href)
            ct_api__html_link(out, crumbs[i].href, crumbs[i].text);
        else
            ct_api__html(out, crumbs[i].text);
    }
    ct_buf_puts(out, "</nav>\n<h1>");
    ct_api__html(out, title);
    ct_buf_puts(out, "</h1>\n");
}

ct_err ct_api__page_end(ct_buf *out, ct_http_res *res) {
    ct_buf_puts(out, "</body></html>\n");
    ct_http_res_header(res, "Content-Security-Policy", csp);
    return ct_api__answer(res, CT_API__HTML, out);
}

ct_err ct_api__style(void *context, ct_http_req *req, ct_http_res *res) {
    ct_api *api = context;
    if (ct_api__not_modified(api, req, res, NULL, 0, "style")) return CT_OK;
    ct_http_res_bytes(res, "text/css; charset=utf-8", style, sizeof style - 1, false, NULL, NULL);
    return CT_OK;
}
