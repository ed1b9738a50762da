#include "config.h"

#include "common/poller/poller.h"

#include "common/wait/wait.h"

#include <stdlib.h>

static int watch(const ps_poller *p, ps__watched_token *w)
{
    int code = 0;

    w->watched = p->system && !ps__is_token_silent(w->token);
    if (w->watched)
        code = ps__sys_poller_watch(p->system, &w->token->notifier);
    return code;
}

static ps__watched_token *find(const ps_poller *p, const ps_cancel *token)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        if (p->tokens[i].token == token)
            return &p->tokens[i];
    }
    return NULL;
}

/* A place that is free, or one more. */
static ps__watched_token *take_place(ps_poller *p)
{
    ps__watched_token *w = find(p, NULL);

    if (w)
        return w;
    w = realloc(p->tokens, (p->token_count + 1) * sizeof *w);
    if (!w)
        return NULL;
    p->tokens = w;
    w += p->token_count++;
    w->token = NULL;
    return w;
}

static int follow(ps_poller *p, ps__registration *r, ps_cancel *token)
{
    ps__watched_token *w = find(p, token);

    if (!w) {
        ps__watched_token made = {.token = token, .seen = ps__cancel_changes(token)};
        int code;

        w = take_place(p);
        if (!w)
            return PS_ENOMEM;
        code = watch(p, &made);
        if (code != 0)
            return code;
        *w = made;
        ps__fallback_changed(p);
    }
    w->users++;
    r->token = (uint32_t)(w - p->tokens) + 1;
    return 0;
}

void ps__unfollow_token(ps_poller *p, ps__registration *r)
{
    ps__watched_token *w = r->token != 0 ? &p->tokens[r->token - 1] : NULL;

    r->token = 0;
    if (!w || --w->users > 0)
        return;
    if (w->watched && ps__is_own(p))
        ps__sys_poller_unwatch(p->system, &w->token->notifier);
    w->token = NULL;
    ps__fallback_changed(p);
}

int ps__follow_token(ps_poller *p, ps__registration *r)
{
    ps_cancel *token = ps__token(r->sock);
    ps__registration before = *r;
    int code = 0;

    r->token = 0;
    if (token)
        code = follow(p, r, token);
    if (code != 0) {
        r->token = before.token;
        return code;
    }
    ps__unfollow_token(p, &before);
    return 0;
}

int ps__watch_tokens(ps_poller *p)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        int code = p->tokens[i].token ? watch(p, &p->tokens[i]) : 0;

        if (code != 0)
            return code;
    }
    return 0;
}

static void queue_those_with(ps_poller *p, uint32_t token)
{
    for (uint32_t i = 0; i < p->used; i++) {
        if (p->table[i].sock && p->table[i].token == token)
            ps__queue(p, &p->table[i]);
    }
}

void ps__look_at_tokens(ps_poller *p)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        ps__watched_token *w = &p->tokens[i];
        unsigned changes = w->token ? ps__cancel_changes(w->token) : w->seen;

        if (changes != w->seen && ps__is_fire(changes))
            queue_those_with(p, i + 1);
        w->seen = changes;
    }
}

bool ps__any_token_is_silent(const ps_poller *p)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        if (p->tokens[i].token && ps__is_token_silent(p->tokens[i].token))
            return true;
    }
    return false;
}
