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

static int add(ps_poller *p, ps_cancel *token, ps__watched_token **added)
{
    ps__watched_token made = {.token = token, .seen = ps__cancel_changes(token)};
    int code;

    *added = take_place(p);
    if (!*added)
        return PS_ENOMEM;
    code = watch(p, &made);
    if (code != 0)
        return code;
    ps__cancel_hold(token);
    **added = made;
    return 0;
}

static int follow(ps_poller *p, ps__registration *r, ps_cancel *token)
{
    ps__watched_token *w = find(p, token);
    int code = w ? 0 : add(p, token, &w);

    if (code != 0)
        return code;
    if (w->users++ == 0)
        ps__fallback_changed(p);
    r->token = (uint32_t)(w - p->tokens) + 1;
    return 0;
}

static void release(ps__watched_token *w)
{
    ps__cancel_release(w->token);
    w->token = NULL;
}

void ps__release_unused_tokens(ps_poller *p)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        if (p->tokens[i].token && p->tokens[i].users == 0)
            release(&p->tokens[i]);
    }
}

void ps__release_tokens(ps_poller *p)
{
    for (uint32_t i = 0; i < p->token_count; i++) {
        if (p->tokens[i].token)
            release(&p->tokens[i]);
    }
    free(p->tokens);
}

void ps__unfollow_token(ps_poller *p, ps__registration *r)
{
    ps__watched_token *w = r->token != 0 ? &p->tokens[r->token - 1] : NULL;

    r->token = 0;
    if (!w || --w->users > 0)
        return;
    if (w->watched && ps__is_own(p))
        ps__sys_poller_unwatch(p->system, &w->token->notifier);
    ps__fallback_changed(p);
    if (p->system || p->sleepers == 0)
        release(w);
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
        if (ps__at(p, i)->sock && ps__at(p, i)->token == token)
            ps__queue(p, ps__at(p, i));
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
