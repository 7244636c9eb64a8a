/* cap.h - capabilities: what a slot can name and with which rights.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A capability is a slot in a table that only the kernel writes.  It names a
 * range of one kind of physical resource, the rights over it and, for frames,
 * the account whose frames it speaks of.  Every call that touches a resource
 * names the slot it acts under.
 */
#ifndef EXO_CAP_H
#define EXO_CAP_H

#include <exo/types.h>

enum exo_cap_kind {
	EXO_CAP_NONE = 0,	/* empty slot */
	EXO_CAP_FRAMES = 1,	/* first, count: frame numbers */
	EXO_CAP_ENV = 2,	/* first: frame number of the environment's object */
	EXO_CAP_CPU = 3,	/* first, count: slices, EXO_SLICE_OF(cpu, slot) */
	EXO_CAP_MACHINE = 4,	/* power and reset */
	EXO_CAP_CONSOLE = 5,	/* the machine's console, through the rings of exo/ring.h */
	EXO_CAP_ACCOUNT = 6,	/* first: frame number of the account's object */
	EXO_CAP_DEVICE = 7,	/* reserved: first, count in the device table */
	EXO_CAP_EXTENT = 8,	/* reserved: disk blocks */
	EXO_CAP_FLOW = 9,	/* reserved: packets */
};

/* Rights.  Bit 7 means the same for every kind. */
#define EXO_RIGHT_READ		0x01	/* FRAMES: map readable */
#define EXO_RIGHT_WRITE		0x02	/* FRAMES: map writable */
#define EXO_RIGHT_EXEC		0x04	/* FRAMES: map executable */
#define EXO_RIGHT_ALLOC		0x08	/* FRAMES: take free frames of the range, give them back, make objects of them */
#define EXO_RIGHT_WX		0x10	/* FRAMES: environments made of them may have write and execute on one page */
#define EXO_RIGHT_MAP		0x01	/* ENV: change its address space */
#define EXO_RIGHT_CONTROL	0x02	/* ENV: bind activations and slices, stop, destroy */
#define EXO_RIGHT_NOTIFY	0x04	/* ENV: set its event bits */
#define EXO_RIGHT_YIELD		0x08	/* ENV: donate time to it */
#define EXO_RIGHT_GIVE		0x10	/* ENV: put capabilities into its table */
#define EXO_RIGHT_CALL		0x20	/* ENV: call it */
#define EXO_RIGHT_BIND		0x01	/* CPU: fill and empty slices */
#define EXO_RIGHT_LENGTH	0x02	/* CPU: set how long they may be */
#define EXO_RIGHT_USE		0x01	/* MACHINE, CONSOLE */
#define EXO_RIGHT_CHARGE	0x01	/* ACCOUNT: let capabilities speak of its frames, make accounts below it */
#define EXO_RIGHT_LIMIT		0x02	/* ACCOUNT: set its limit, destroy it, get hold of what is made in it and below */
#define EXO_RIGHT_DERIVE	0x80	/* any: derive from this slot */

/* One slot on neighbouring CPUs is a range; all of them are EXO_SLICE_OF(0, EXO_SLICE_MAX). */
#define EXO_SLICE_OF(cpu, slot)	((uint64_t)(slot) * EXO_CPU_MAX + (cpu))

/* Slots that every environment finds filled at its start (an empty one where
 * its creator gave it less).  The rest of the table is the environment's. */
enum exo_slot {
	EXO_SLOT_NONE = 0,	/* never filled: "no capability" */
	EXO_SLOT_SELF = 1,	/* ENV: itself */
	EXO_SLOT_MEMORY = 2,	/* FRAMES: its memory */
	EXO_SLOT_INFO = 3,	/* FRAMES, read only: the information pages and tables */
	EXO_SLOT_CPU = 4,	/* CPU */
	EXO_SLOT_CONSOLE = 5,	/* CONSOLE, or ENV: who serves its console (exo/start.h) */
	EXO_SLOT_MACHINE = 6,	/* MACHINE */
	EXO_SLOT_ACCOUNT = 7,	/* ACCOUNT */
	EXO_SLOT_ARCHIVE = 8,	/* FRAMES, to read and execute: the archive */
	EXO_SLOT_STEWARD = 9,	/* ENV: who started it, to be called */
	EXO_SLOT_LOAN = 10,	/* FRAMES without ALLOC: memory that is asked back when others need it */
	EXO_SLOT_ROSTER = 11,	/* FRAMES, to read: the names of all images (libexo/roster.h) */
	EXO_SLOT_OWN = 12,	/* FRAMES, to read: the object of its account (struct exo_account) */
	EXO_SLOT_FREE = 16,	/* the first that is the environment's to use */
};

#endif
