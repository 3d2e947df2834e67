// Which objects of a file with versions, or with dates of a life, are of the model: those of one
// version, and those that are there at one moment. Others were before, or will be.
//
// Without a word of the user that is the last version - the one that no transition leads from - and
// now. A moment alone asks for dates only.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/citygml/survey.h"

// ---- what the file tells ------------------------------------------------------------------------

// The id that the element's reference leads to, in the survey's arena; NULL where it has none.
static ct_err referred(const char **out, ct_citygml__survey *s, const xmlNode *node) {
    CT_TRY(ct_citygml__attr(out, s->arena, node, "href"));
    if (*out && **out == '#') ++*out;
    return CT_OK;
}

static ct_err add_version(ct_citygml__version **out, ct_citygml__survey *s, const char *id) {
    void *versions = s->versions;
    CT_TRY(ct_citygml__room(&versions, &s->version_room, s->n_versions, sizeof *s->versions,
                            s->arena));
    s->versions = versions;
    *out = &s->versions[s->n_versions++];
    **out = (ct_citygml__version){.id = id, .tag = ""};
    return CT_OK;
}

static ct_citygml__version *version_of(ct_citygml__survey *s, const char *id) {
    for (size_t i = 0; id && i < s->n_versions; i++)
        if (s->versions[i].id && strcmp(s->versions[i].id, id) == 0) return &s->versions[i];
    return NULL;
}

static ct_err list_member(ct_citygml__survey *s, const xmlNode *member, size_t version) {
    const xmlNode *object = ct_citygml__first(member);
    const char *id;
    size_t bits = 0;
    if (object)
        CT_TRY(ct_citygml__attr(&id, s->arena, object, "id"));
    else
        CT_TRY(referred(&id, s, member));
    if (!id) return CT_OK;
    (void)ct_strmap_get(&bits, s->listed, id);
    return ct_strmap_put(s->listed, id, bits | (size_t)1 << version);
}

static ct_err read_version(ct_citygml__survey *s, const xmlNode *node) {
    enum { MOST = 63 }; // each is a bit
    ct_citygml__version *v;
    const char *id;
    CT_TRY(ct_citygml__attr(&id, s->arena, node, "id"));
    if (s->n_versions == MOST)
        return ct_fail(CT_LIMIT, "line %ld: more than %d versions", xmlGetLineNo(node), MOST);
    CT_TRY(add_version(&v, s, id));
    const size_t number = s->n_versions - 1;
    for (const xmlNode *p = ct_citygml__first(node); p; p = ct_citygml__next(p)) {
        if (ct_citygml__named(p, "tag") && !*v->tag) CT_TRY(ct_citygml__text(&v->tag, s->arena, p));
        if (ct_citygml__named(p, "versionMember")) CT_TRY(list_member(s, p, number));
    }
    return CT_OK;
}

// Transitions may stand before the versions that they join: the id is remembered as left.
static ct_err read_transition(ct_citygml__survey *s, const xmlNode *node) {
    const xmlNode *from = ct_citygml__child(node, "from");
    const char *id;
    if (!from) return CT_OK;
    CT_TRY(referred(&id, s, from));
    return id ? ct_strmap_put(s->left, id, 0) : CT_OK;
}

ct_err ct_citygml__survey_version(ct_citygml__reader *c, const xmlNode *property) {
    for (const xmlNode *at = ct_citygml__first(property); at; at = ct_citygml__next(at)) {
        if (ct_citygml__named(at, "Version")) CT_TRY(read_version(c->survey, at));
        if (ct_citygml__named(at, "VersionTransition")) CT_TRY(read_transition(c->survey, at));
    }
    return CT_OK;
}

// ---- what is asked for --------------------------------------------------------------------------

static const char *name_of(const ct_citygml__version *v) {
    return *v->tag ? v->tag : v->id ? v->id : "one without a name";
}

// The last of those that no transition leads from.
static const ct_citygml__version *last_version(const ct_citygml__survey *s) {
    const ct_citygml__version *last = NULL;
    size_t at;
    for (size_t i = 0; i < s->n_versions; i++) {
        const ct_citygml__version *v = &s->versions[i];
        if (!v->id || !ct_strmap_get(&at, s->left, v->id)) last = v;
    }
    return last ? last : s->n_versions ? &s->versions[s->n_versions - 1] : NULL;
}

static ct_err no_such_version(const ct_citygml__survey *s, const char *asked) {
    const char *names = "";
    for (size_t i = 0; i < s->n_versions; i++) {
        names = ct_arena_printf(s->arena, "%s%s%s", names, i ? ", " : "", name_of(&s->versions[i]));
        if (!names) return CT_NOMEM;
    }
    if (!s->n_versions)
        return ct_fail(CT_NOTFOUND, "\"%s\" is no date, and the file has no versions", asked);
    return ct_fail(CT_NOTFOUND, "\"%s\" is no date and no version of the file: it has %s", asked,
                   names);
}

ct_err ct_citygml__choose_version(ct_citygml__reader *c) {
    ct_citygml__survey *s = c->survey;
    const char *asked = c->r.job->options.as_of;
    s->moment_us = ct_clock_now_us(ct_clock_real());
    if (asked && ct_time_parse(&s->moment_us, asked) == CT_OK) return CT_OK;
    s->version = asked ? NULL : last_version(s);
    for (size_t i = 0; asked && i < s->n_versions; i++)
        if (strcmp(s->versions[i].tag, asked) == 0 || version_of(s, asked) == &s->versions[i])
            s->version = &s->versions[i];
    if (asked && !s->version) return no_such_version(s, asked);
    if (s->version && !asked && s->n_versions > 1)
        ct_diagnostics_add(c->r.job->diagnostics, CT_SEVERITY_INFO, "version", c->r.job->file,
                           "of %zu versions the last, %s, is read (--as-of names another)",
                           s->n_versions, name_of(s->version));
    return CT_OK;
}

// ---- objects ------------------------------------------------------------------------------------

// GML's dates have a zone or none, which is then taken for UTC. False: there is none to read.
static ct_err moment_of(bool *there, int64_t *us, ct_citygml__reader *c, const xmlNode *object,
                        const char *name) {
    enum { DATE = 10 };
    ct_arena *arena = c->r.job->arena;
    const xmlNode *p = ct_citygml__child(object, name);
    const char *text;
    *there = false;
    if (!p) return CT_OK;
    CT_TRY(ct_citygml__text(&text, arena, p));
    const char *zoned = ct_arena_printf(arena, "%sZ", text);
    const char *date = ct_arena_printf(arena, "%.*s", DATE, text);
    if (!zoned || !date) return CT_NOMEM;
    *there = ct_time_parse(us, text) == CT_OK || ct_time_parse(us, zoned) == CT_OK ||
             ct_time_parse(us, date) == CT_OK;
    return CT_OK;
}

// The object's life has begun and not ended, in the world and in the data base.
static ct_err is_alive(bool *out, ct_citygml__reader *c, const xmlNode *object) {
    static const struct {
        const char *name;
        bool ends;
    } dates[] = {{"creationDate", false},
                 {"validFrom", false},
                 {"terminationDate", true},
                 {"validTo", true}};
    *out = true;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        bool there;
        int64_t us = 0;
        CT_TRY(moment_of(&there, &us, c, object, dates[i].name));
        if (!there) continue;
        const bool passed = us <= c->survey->moment_us;
        if (passed == dates[i].ends) *out = false;
    }
    return CT_OK;
}

static ct_err is_in_version(bool *out, const ct_citygml__survey *s, ct_arena *arena,
                            const xmlNode *object) {
    const char *id;
    size_t bits;
    *out = true;
    if (!s->version) return CT_OK;
    CT_TRY(ct_citygml__attr(&id, arena, object, "id"));
    if (id && ct_strmap_get(&bits, s->listed, id))
        *out = (bits >> (size_t)(s->version - s->versions)) & 1;
    return CT_OK;
}

ct_err ct_citygml__is_current(bool *out, ct_citygml__reader *c, const xmlNode *object) {
    *out = true;
    if (!c->survey) return CT_OK;
    CT_TRY(is_in_version(out, c->survey, c->r.job->arena, object));
    if (!*out)
        return ct_city__count(&c->r, "other-version",
                              "%zu objects are of another version only, as a %s; they are left out",
                              ct_citygml__name(object));
    // In a version that was asked for by its name all is there, whenever it was.
    const bool named = c->r.job->options.as_of && c->survey->version;
    if (named) return CT_OK;
    CT_TRY(is_alive(out, c, object));
    if (*out) return CT_OK;
    return ct_city__count(&c->r, "not-current",
                          "%zu objects had ended by the time that the model is read at, or not "
                          "begun, as a %s; they are left out (--as-of names another time)",
                          ct_citygml__name(object));
}
