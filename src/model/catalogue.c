// The catalogue: reads the files of its folder, checks them against each other, and answers by
// name.
#include "model/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "model/catalogue_read.h"

enum { MAX_FILES = 64, MAX_FILE_BYTES = 4 << 20, MAX_CLASSES = 256, ARENA_BYTES = 64 << 10 };
enum { MAX_ARENA_BYTES = 64 << 20 };

struct ct_catalogue {
    ct_arena *arena;
    size_t n;
    ct_class classes[MAX_CLASSES];              // by name
    const ct_class *by_collection[MAX_CLASSES]; // by collection
};

typedef struct document {
    char *name; // of the file, without the folder
    json_t *root;
} document;

typedef struct loader {
    ct_catalogue *catalogue;
    const char *folder;
    document docs[MAX_FILES];
    size_t n_docs;
    const ct_attr *common;
    size_t n_common;
} loader;

static ct_err load_file(void *context, const char *name, bool is_dir) {
    loader *l = context;
    size_t length = strlen(name);
    if (is_dir || length < 6 || strcmp(name + length - 5, ".json") != 0) return CT_OK;
    if (l->n_docs == MAX_FILES)
        return ct_fail(CT_LIMIT, "%s: more than %d files", l->folder, MAX_FILES);
    document *doc = &l->docs[l->n_docs];
    char *path = ct_path_join(l->folder, name);
    if (!path) return CT_NOMEM;
    ct_err err = ct_json_read_file(&doc->root, path, MAX_FILE_BYTES);
    ct_free(path);
    CT_TRY(err);
    l->n_docs++; // from here on the document is released with the others
    doc->name = ct_strdup(name);
    return doc->name ? CT_OK : CT_NOMEM;
}

static ct_err read_common(loader *l) {
    static const char *const keys[] = {"theme", "title", "common", "classes", NULL};
    for (size_t i = 0; i < l->n_docs; i++) {
        const document *doc = &l->docs[i];
        CT_TRY(ct_json_only(doc->root, keys, doc->name));
        const json_t *common = json_object_get(doc->root, "common");
        if (!common) continue;
        if (l->common) return ct_fail(CT_EXISTS, "%s: common: another file has it too", doc->name);
        ct_err err =
            ct_model__read_attrs(&l->common, &l->n_common, l->catalogue->arena, common, NULL, 0);
        CT_TRY(ct_context(err, "%s: common", doc->name));
    }
    return CT_OK;
}

static ct_err read_classes(loader *l) {
    ct_catalogue *c = l->catalogue;
    for (size_t i = 0; i < l->n_docs; i++) {
        const json_t *classes = json_object_get(l->docs[i].root, "classes");
        if (classes && !json_is_array(classes))
            return ct_fail(CT_PARSE, "%s: classes: a list expected", l->docs[i].name);
        for (size_t k = 0; k < json_array_size(classes); k++) {
            if (c->n == MAX_CLASSES)
                return ct_fail(CT_LIMIT, "%s: more than %d classes", l->folder, MAX_CLASSES);
            ct_err err = ct_model__read_class(&c->classes[c->n], c->arena,
                                              json_array_get(classes, k), l->common, l->n_common);
            CT_TRY(ct_context(err, "%s: classes[%zu]", l->docs[i].name, k));
            c->n++;
        }
    }
    if (c->n == 0) return ct_fail(CT_NOTFOUND, "%s: no class in any *.json", l->folder);
    return CT_OK;
}

static int compare_name(const void *a, const void *b) {
    return strcmp(((const ct_class *)a)->name, ((const ct_class *)b)->name);
}

static int compare_collection(const void *a, const void *b) {
    return strcmp((*(const ct_class *const *)a)->collection,
                  (*(const ct_class *const *)b)->collection);
}

static ct_err check_references(const ct_catalogue *c, const ct_class *cls) {
    if (cls->parent && !ct_catalogue_by_name(c, cls->parent))
        return ct_fail(CT_NOTFOUND, "class %s: parent: no class \"%s\"", cls->name, cls->parent);
    for (size_t a = 0; a < cls->n_attrs; a++) {
        const char *target = cls->attrs[a].references;
        if (target && !ct_catalogue_by_name(c, target))
            return ct_fail(CT_NOTFOUND, "class %s: attribute %s: references: no class \"%s\"",
                           cls->name, cls->attrs[a].name, target);
    }
    return CT_OK;
}

// A chain of parents must end: storey -> building -> site.
static ct_err check_parents(const ct_catalogue *c, const ct_class *cls) {
    size_t steps = 0;
    for (const ct_class *p = cls; p->parent; p = ct_catalogue_by_name(c, p->parent))
        if (++steps > c->n)
            return ct_fail(CT_PARSE, "class %s: parent: the chain of parents is a circle",
                           cls->name);
    return CT_OK;
}

static ct_err arrange(ct_catalogue *c) {
    qsort(c->classes, c->n, sizeof c->classes[0], compare_name);
    for (size_t i = 0; i < c->n; i++) {
        c->classes[i].index = i;
        c->by_collection[i] = &c->classes[i];
        if (i && strcmp(c->classes[i].name, c->classes[i - 1].name) == 0)
            return ct_fail(CT_EXISTS, "class %s is there twice", c->classes[i].name);
    }
    qsort(c->by_collection, c->n, sizeof c->by_collection[0], compare_collection);
    for (size_t i = 1; i < c->n; i++)
        if (strcmp(c->by_collection[i]->collection, c->by_collection[i - 1]->collection) == 0)
            return ct_fail(CT_EXISTS, "class %s: collection \"%s\" is another class's too",
                           c->by_collection[i]->name, c->by_collection[i]->collection);
    for (size_t i = 0; i < c->n; i++) CT_TRY(check_references(c, &c->classes[i]));
    for (size_t i = 0; i < c->n; i++) CT_TRY(check_parents(c, &c->classes[i]));
    return CT_OK;
}

ct_err ct_catalogue_load(ct_catalogue **out, const char *folder) {
    char *own = NULL;
    loader *l = ct_calloc(1, sizeof *l);
    ct_catalogue *c = ct_calloc(1, sizeof *c);
    ct_err err = CT_NOMEM;
    if (!l || !c) goto done;
    l->catalogue = c;
    c->arena = ct_arena_new(ARENA_BYTES, MAX_ARENA_BYTES);
    if (!c->arena) goto done;
    if (!folder && (err = ct_data_path(&own, "catalogue")) != CT_OK) goto done;
    l->folder = folder ? folder : own;
    if ((err = ct_dir_list(l->folder, load_file, l)) != CT_OK) goto done;
    if ((err = read_common(l)) != CT_OK) goto done;
    if ((err = read_classes(l)) != CT_OK) goto done;
    if ((err = ct_context(arrange(c), "%s", l->folder)) != CT_OK) goto done;
    *out = c;
    c = NULL;
done:
    for (size_t i = 0; l && i < l->n_docs; i++) {
        json_decref(l->docs[i].root);
        ct_free(l->docs[i].name);
    }
    ct_free(own);
    ct_free(l);
    ct_catalogue_free(c);
    return err;
}

void ct_catalogue_free(ct_catalogue *catalogue) {
    if (!catalogue) return;
    ct_arena_free(catalogue->arena);
    ct_free(catalogue);
}

size_t ct_catalogue_count(const ct_catalogue *catalogue) {
    return catalogue->n;
}

const ct_class *ct_catalogue_at(const ct_catalogue *catalogue, size_t index) {
    return index < catalogue->n ? &catalogue->classes[index] : NULL;
}

const ct_class *ct_catalogue_by_name(const ct_catalogue *catalogue, const char *name) {
    const ct_class key = {.name = name};
    return bsearch(&key, catalogue->classes, catalogue->n, sizeof key, compare_name);
}

const ct_class *ct_catalogue_by_collection(const ct_catalogue *catalogue, const char *collection) {
    const ct_class key = {.collection = collection}, *key_at = &key;
    const ct_class *const *found = bsearch(&key_at, catalogue->by_collection, catalogue->n,
                                           sizeof(ct_class *), compare_collection);
    return found ? *found : NULL;
}

int ct_class_attr(const ct_class *cls, const char *name) {
    for (size_t i = 0; i < cls->n_attrs; i++)
        if (*cls->attrs[i].name == *name && strcmp(cls->attrs[i].name, name) == 0) return (int)i;
    return -1;
}

const char *ct_attr_type_name(ct_attr_type type) {
    switch (type) {
    case CT_ATTR_TEXT: return "text";
    case CT_ATTR_INTEGER: return "integer";
    case CT_ATTR_REAL: return "real";
    case CT_ATTR_BOOLEAN: return "boolean";
    case CT_ATTR_DATETIME: return "datetime";
    }
    return "";
}
