// The listing of a schema into a table. A line is `Name* Attribute Attribute`, indented by two
// blanks a level of inheritance, so that the order of lines numbers the entities and each one's
// subtypes are the lines right below it.
#include "ingest/ifc/schema/schema.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"

enum {
    MAX_ENTITIES = 2000,
    MAX_WORDS = 8000,
    MAX_DEPTH = 32,
    MAX_BYTES = 1 << 20,
    TABLE = 4096, // slots for names; a power of two over twice the entities
};

struct entity {
    const char *name;
    ct_ifc__entity super, last; // the last of its subtypes, or itself
    uint16_t first_word;        // of its own attributes
    uint16_t n_own, n_all;
    bool abstract;
};

struct ct_ifc__schema {
    char *text; // names point into it
    const char **words;
    size_t n_words;
    struct entity *entities;
    uint16_t n;
    uint16_t table[TABLE]; // number + 1
};

bool ct_ifc__version_of(ct_ifc__version *out, bool *exact, const char *name) {
    static const struct {
        const char *begin;
        ct_ifc__version version;
    } known[] = {{"IFC4X", CT_IFC__4X3}, {"IFC4", CT_IFC__4}, {"IFC2X", CT_IFC__2X3}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strncasecmp(name, known[i].begin, strlen(known[i].begin)) != 0) continue;
        *out = known[i].version;
        *exact = strcmp(name, ct_ifc__version_name(*out)) == 0;
        return true;
    }
    return false;
}

const char *ct_ifc__version_name(ct_ifc__version version) {
    static const char *const names[] = {"IFC2X3", "IFC4", "IFC4X3_ADD2"};
    return names[version];
}

static uint32_t hash_of(const char *name) {
    uint32_t h = 2166136261U;
    for (; *name; name++) h = (h ^ (uint32_t)(*name & 0xdf)) * 16777619U;
    return h ^ h >> 15;
}

static uint16_t *place_of(const ct_ifc__schema *s, const char *name) {
    for (uint32_t i = hash_of(name);; i++) {
        const uint16_t *slot = &s->table[i % TABLE];
        if (!*slot || strcasecmp(s->entities[*slot - 1].name, name) == 0) return (uint16_t *)slot;
    }
}

// One line, without its indentation, at `depth`. False if it cannot be.
static bool add_line(ct_ifc__schema *s, char *line, size_t depth, ct_ifc__entity *open) {
    char *rest = NULL, *name = strtok_r(line, " ", &rest);
    if (!name || s->n == MAX_ENTITIES) return false;
    const size_t n = strlen(name);
    struct entity *e = &s->entities[s->n];
    *e = (struct entity){
        .name = name, .super = CT_IFC__NO_ENTITY, .first_word = (uint16_t)s->n_words};
    e->last = s->n;
    e->abstract = name[n - 1] == '*';
    if (e->abstract) name[n - 1] = '\0';
    for (char *word; (word = strtok_r(NULL, " ", &rest)); e->n_own++) {
        if (s->n_words == MAX_WORDS) return false;
        s->words[s->n_words++] = word;
    }
    e->n_all = e->n_own;
    if (depth) {
        e->super = open[depth - 1];
        e->n_all = (uint16_t)(e->n_all + s->entities[e->super].n_all);
    }
    for (size_t d = 0; d < depth; d++) s->entities[open[d]].last = s->n;
    open[depth] = s->n;
    uint16_t *slot = place_of(s, name);
    if (*slot) return false;
    *slot = ++s->n;
    return true;
}

static ct_err read_listing(ct_ifc__schema *s, const char *path) {
    ct_ifc__entity open[MAX_DEPTH] = {0};
    char *rest = NULL;
    size_t depth = 0, number = 0;
    for (char *line = strtok_r(s->text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        number++;
        if (*line == '#') continue;
        const size_t blanks = strspn(line, " ");
        // No deeper than one level below the line above.
        if (blanks % 2 || blanks / 2 > (s->n ? depth + 1 : 0) || blanks / 2 >= MAX_DEPTH ||
            !add_line(s, line + blanks, blanks / 2, open))
            return ct_fail(CT_CORRUPT, "%s: line %zu cannot be read", path, number);
        depth = blanks / 2;
    }
    return s->n ? CT_OK : ct_fail(CT_CORRUPT, "%s: no entities", path);
}

static ct_err load(ct_ifc__schema *s, const char *path) {
    size_t length = 0;
    s->words = ct_alloc(MAX_WORDS * sizeof *s->words);
    s->entities = ct_alloc(MAX_ENTITIES * sizeof *s->entities);
    if (!s->words || !s->entities) return CT_NOMEM;
    CT_TRY(ct_file_read(&s->text, &length, path, MAX_BYTES));
    return read_listing(s, path);
}

ct_err ct_ifc__schema_load(ct_ifc__schema **out, ct_ifc__version version) {
    ct_ifc__schema *s = ct_calloc(1, sizeof *s);
    char *name = ct_sprintf("ifc/%s.txt", ct_ifc__version_name(version)), *path = NULL;
    ct_err err = s && name ? ct_data_path(&path, name) : CT_NOMEM;
    if (err == CT_OK) err = load(s, path);
    ct_free(name);
    ct_free(path);
    if (err == CT_OK)
        *out = s;
    else
        ct_ifc__schema_free(s);
    return err;
}

void ct_ifc__schema_free(ct_ifc__schema *schema) {
    if (!schema) return;
    ct_free(schema->text);
    ct_free((void *)schema->words);
    ct_free(schema->entities);
    ct_free(schema);
}

uint16_t ct_ifc__schema_count(const ct_ifc__schema *schema) {
    return schema->n;
}

ct_ifc__entity ct_ifc__entity_named(const ct_ifc__schema *schema, const char *name) {
    const uint16_t slot = *place_of(schema, name);
    return slot ? (ct_ifc__entity)(slot - 1) : CT_IFC__NO_ENTITY;
}

const char *ct_ifc__entity_name(const ct_ifc__schema *schema, ct_ifc__entity entity) {
    return entity < schema->n ? schema->entities[entity].name : "";
}

ct_ifc__entity ct_ifc__supertype(const ct_ifc__schema *schema, ct_ifc__entity entity) {
    return schema->entities[entity].super;
}

bool ct_ifc__is_abstract(const ct_ifc__schema *schema, ct_ifc__entity entity) {
    return schema->entities[entity].abstract;
}

bool ct_ifc__is_a(const ct_ifc__schema *schema, ct_ifc__entity entity, ct_ifc__entity super) {
    return super < schema->n && entity < schema->n && entity >= super &&
           entity <= schema->entities[super].last;
}

uint16_t ct_ifc__n_attributes(const ct_ifc__schema *schema, ct_ifc__entity entity) {
    return schema->entities[entity].n_all;
}

const char *ct_ifc__attribute(const ct_ifc__schema *schema, ct_ifc__entity entity, uint16_t index) {
    while (entity < schema->n) {
        const struct entity *e = &schema->entities[entity];
        const uint16_t inherited = (uint16_t)(e->n_all - e->n_own);
        if (index >= e->n_all) return NULL;
        if (index >= inherited) return schema->words[e->first_word + index - inherited];
        entity = e->super;
    }
    return NULL;
}

int ct_ifc__attribute_named(const ct_ifc__schema *schema, ct_ifc__entity entity, const char *name) {
    while (entity < schema->n) {
        const struct entity *e = &schema->entities[entity];
        for (uint16_t i = 0; i < e->n_own; i++)
            if (strcmp(schema->words[e->first_word + i], name) == 0) return e->n_all - e->n_own + i;
        entity = e->super;
    }
    return -1;
}
