/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lies of servers that want to cost us time, memory, or packets to others: edits of their replies,
 * for rows of tests/treeworld.h.
 */
#ifndef TESTS_TREELIES_H
#define TESTS_TREELIES_H

#include "treeworld.h"

/* NXNS: each zone below evil.xb. is served by names in as many others, which are like it. */
treeworld_edit treelies_spread_wide;
/* NXNS: by names in other.xb., whose servers are asked for each. */
treeworld_edit treelies_spread_at_victim;
/* NXNS: half and half. */
treeworld_edit treelies_spread_both;
/* Whatever is asked for is a zone of its own. */
treeworld_edit treelies_deeper;
/* A referral to the root. */
treeworld_edit treelies_up;
/* 1,500 answers. */
treeworld_edit treelies_flood_answer;
/* 1,500 NS records in authority. */
treeworld_edit treelies_flood_ns;
/* Another question. */
treeworld_edit treelies_other_name;
/* The question in other letters. */
treeworld_edit treelies_other_case;
/* Each reply has other servers for the zone. */
treeworld_edit treelies_other_ns;
/* A chain of aliases without end. */
treeworld_edit treelies_alias;
/* A text of 10,000 letters, for which one has to come over TCP. */
treeworld_edit treelies_long_text;
/* 1,500 mail servers in as many zones below evil.xb. */
treeworld_edit treelies_exchanges;
/*
 * Many keys with the tags of those that sign child.xa., many signatures by them
 * (CVE-2023-50387).
 */
treeworld_edit treelies_keytrap;
/* 500 DS records with the tag of the key of child.xa. */
treeworld_edit treelies_same_tag_ds;
/* 500 keys with it. */
treeworld_edit treelies_same_tag_keys;
/* 1,500 NSEC records. */
treeworld_edit treelies_denials;
/* 4,000 records whose owners and targets are the longest name, each by a pointer. */
treeworld_edit treelies_bomb;
/* A name that points at itself. */
treeworld_edit treelies_knot;

#endif
