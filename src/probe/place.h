/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks control servers of other operators from ports that one server does not answer, with asks
 * from open ports in between, so that infer/place can say near or far.
 */
#ifndef PROBE_PLACE_H
#define PROBE_PLACE_H

#include "base/portset.h"
#include "base/rng.h"
#include "probe/probe.h"

struct place_control {
	struct addr server;	  /* with port */
	struct question question; /* that it can answer */
};

struct place_plan {
	const struct place_control *controls;
	size_t ncontrols;
	struct place_control target; /* asked again from the same ports, beside the controls */
	struct addr source;
	enum transport transport;
	/* Empty: the controls are only asked whether they live. */
	const struct portset *blocked; /* ranges whose ends are sampled… */
	const struct portset *asked; /* … with random ones of these: blocked ports asked so far */
	const struct portset *open;  /* proven open at the target */
	unsigned int samples;	     /* ports at most; 0: 16 */
	unsigned int silences;	     /* how many silences at one control are enough */
	uint32_t timeout, spacing;   /* µs */
	struct shape shape;
	struct rng rng;
};

struct place;

struct place *place_new(struct arena *a, const struct place_plan *plan);
struct probe *place_probe(struct place *p);

#endif
