// Small steps through libxml2's tree.
#include <string.h>

#include "ingest/citygml/survey.h"

const char *ct_citygml__name(const xmlNode *node) {
    return (const char *)node->name;
}

bool ct_citygml__named(const xmlNode *node, const char *local_name) {
    return node && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, local_name) == 0;
}

static xmlNode *element(xmlNode *node) {
    while (node && node->type != XML_ELEMENT_NODE) node = node->next;
    return node;
}

xmlNode *ct_citygml__first(const xmlNode *parent) {
    return element(parent->children);
}

xmlNode *ct_citygml__next(const xmlNode *node) {
    return element(node->next);
}

xmlNode *ct_citygml__child(const xmlNode *parent, const char *local_name) {
    xmlNode *at = ct_citygml__first(parent);
    while (at && !ct_citygml__named(at, local_name)) at = ct_citygml__next(at);
    return at;
}

xmlNode *ct_citygml__walk(xmlNode *node, const xmlNode *root) {
    if (node->children && node->type == XML_ELEMENT_NODE) return node->children;
    while (node != root && !node->next) node = node->parent;
    return node == root ? NULL : node->next;
}

ct_err ct_citygml__attr(const char **out, ct_arena *arena, const xmlNode *node,
                        const char *local_name) {
    *out = NULL;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        if (strcmp((const char *)a->name, local_name) != 0) continue;
        const xmlNode *text = a->children;
        *out = ct_arena_strdup(arena, text && text->content ? (const char *)text->content : "");
        return *out ? CT_OK : CT_NOMEM;
    }
    return CT_OK;
}

ct_err ct_citygml__text(const char **out, ct_arena *arena, const xmlNode *node) {
    static const char blanks[] = " \t\r\n";
    const char *all = "";
    for (const xmlNode *t = node->children; t; t = t->next) {
        if ((t->type != XML_TEXT_NODE && t->type != XML_CDATA_SECTION_NODE) || !t->content)
            continue;
        // One run of text is the rule.
        all = *all ? ct_arena_printf(arena, "%s%s", all, (const char *)t->content)
                   : (const char *)t->content;
        if (!all) return CT_NOMEM;
    }
    all += strspn(all, blanks);
    size_t n = strlen(all);
    while (n && strchr(blanks, all[n - 1])) n--;
    *out = ct_arena_strndup(arena, all, n);
    return *out ? CT_OK : CT_NOMEM;
}

ct_err ct_citygml__tell_source(bool *told, const ct_ingest__job *job, ct_arena *arena,
                               const xmlNode *node) {
    static const struct {
        const char *name;
        ct_source_term term;
    } k_names[] = {{"name", CT_SOURCE_TITLE},
                   {"description", CT_SOURCE_DESCRIPTION},
                   {"identifier", CT_SOURCE_IDENTIFIER}};
    *told = false;
    for (size_t i = 0; i < sizeof k_names / sizeof *k_names; i++) {
        const char *text;
        if (!ct_citygml__named(node, k_names[i].name)) continue;
        *told = true;
        CT_TRY(ct_citygml__text(&text, arena, node));
        return ct_source_tell(job->source, k_names[i].term, text);
    }
    return CT_OK;
}

ct_err ct_citygml__target(xmlNode **out, ct_citygml__reader *c, const xmlNode *node) {
    const char *href;
    size_t at;
    *out = NULL;
    CT_TRY(ct_citygml__attr(&href, c->r.job->arena, node, "href"));
    if (!href) return CT_OK;
    if (*href == '#' && ct_strmap_get(&at, c->ids, href + 1)) {
        *out = c->nodes[at];
        return CT_OK;
    }
    if (*href == '#' && c->survey && ct_strmap_get(&at, c->survey->kept, href + 1)) {
        *out = c->survey->nodes[at];
        return CT_OK;
    }
    return ct_city__count(&c->r, "xlink-elsewhere",
                          "%zu references lead nowhere, or out of the file, as that of a %s; they "
                          "are left out",
                          ct_citygml__name(node));
}

ct_err ct_citygml__room(void **array, size_t *room, size_t n, size_t bytes_each, ct_arena *arena) {
    enum { FIRST = 32 };
    if (n < *room) return CT_OK;
    const size_t more = *room ? 2 * *room : FIRST;
    void *grown = ct_arena_calloc(arena, more, bytes_each);
    if (!grown) return CT_NOMEM;
    if (n) memcpy(grown, *array, n * bytes_each);
    *array = grown;
    *room = more;
    return CT_OK;
}
