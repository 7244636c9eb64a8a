/* info.h - what the kernel knows, readable without a call.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * EXO_INFO_FRAMES consecutive pages, and the tables that they name: read only, under the
 * capability in slot INFO.  Who sees only itself has the first page alone.  New fields are
 * appended; `size` tells how many bytes this kernel filled.
 *
 * Time: ns since the machine started =
 *     ((rdtsc - tsc_base) * tsc_mult) >> 32        (128-bit product)
 * tsc_base, tsc_mult and wall_ns are constant unless seq changes: read seq
 * (even), the fields, seq again, and start over if it changed.
 */
#ifndef EXO_INFO_H
#define EXO_INFO_H

#include <exo/types.h>

#define EXO_INFO_MAGIC		0x4f464e494f5845	/* "EXOINFO" */
#define EXO_INFO_FRAMES		4
#define EXO_INFO_CPUS_AT	4096	/* offset of struct exo_cpu_info[EXO_CPU_MAX] */
#define EXO_DEVICE_MAX		32

enum exo_clock {		/* where tsc_mult comes from */
	EXO_CLOCK_CPUID = 1,	/* leaf 0x15 */
	EXO_CLOCK_HYPERVISOR = 2,	/* leaf 0x40000010 */
	EXO_CLOCK_KVM = 3,	/* kvmclock */
	EXO_CLOCK_PIT = 4,	/* measured against the 8254 */
	EXO_CLOCK_RTC = 5,	/* measured against the real-time clock */
};

/* Bits of exo_info.features: what this kernel switched on. */
#define EXO_FEATURE_SMEP	(1u << 0)
#define EXO_FEATURE_SMAP	(1u << 1)
#define EXO_FEATURE_UMIP	(1u << 2)
#define EXO_FEATURE_XSAVE	(1u << 3)
#define EXO_FEATURE_PKU		(1u << 4)
#define EXO_FEATURE_TSC_DEADLINE (1u << 5)
#define EXO_FEATURE_INVARIANT_TSC (1u << 6)
#define EXO_FEATURE_RDRAND	(1u << 7)
#define EXO_FEATURE_RDSEED	(1u << 8)
#define EXO_FEATURE_IBPB	(1u << 9)	/* between accounts: branch predictors */
#define EXO_FEATURE_MD_CLEAR	(1u << 10)	/* between accounts: buffers, by VERW */
#define EXO_FEATURE_SEPARATE	(1u << 11)	/* environments' page tables show the kernel's entry only */

enum exo_device_kind {
	EXO_DEVICE_NONE = 0,
	EXO_DEVICE_VIRTIO_MMIO = 1,	/* id: virtio device type; address: registers; irq: global interrupt */
};

struct exo_device {
	uint32_t kind;
	uint32_t id;
	uint64_t address;
	uint32_t irq;
	uint32_t version;
};

struct exo_info {
	uint64_t magic;
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t size;		/* bytes of this structure */
	uint32_t seq;		/* odd while the kernel writes */
	uint32_t cpus;		/* running CPUs: numbers 0 .. cpus - 1 */
	uint64_t tsc_hz;
	uint64_t tsc_base;
	uint64_t tsc_mult;	/* ns per tick, 32.32 fixed point */
	uint64_t wall_ns;	/* UNIX time at tsc_base, or 0 if no clock told it */
	uint32_t clock;		/* enum exo_clock */
	uint32_t features;	/* EXO_FEATURE_* */
	uint64_t xcr0;		/* vector state components in use; 3 without XSAVE */
	uint32_t vector_bytes;	/* size of that state */
	uint32_t devices;	/* entries of device[] */
	uint64_t frames_ram;	/* usable RAM the firmware reported, in frames */
	uint64_t frames_kernel;	/* of them taken by the kernel for good */
	uint64_t pfn_end;	/* one above the highest RAM frame */
	uint64_t tsc_entry;	/* TSC when the kernel was entered */
	exo_pfn_t pfn;		/* frame of this page */
	exo_pfn_t frame_table;	/* struct exo_frame_state[pfn_end] begins in this frame */
	exo_pfn_t slice_table[EXO_CPU_MAX];	/* frame of each CPU's struct exo_slice[EXO_SLICE_MAX], or 0 */
	struct exo_device device[EXO_DEVICE_MAX];
};
_Static_assert(sizeof(struct exo_info) <= EXO_INFO_CPUS_AT, "abi");

/* Counters of one CPU, since the start.  Only that CPU writes them. */
struct exo_cpu_info {
	uint64_t calls;		/* system calls */
	uint64_t upcalls;
	uint64_t interrupts;	/* device and timer */
	uint64_t ipis;		/* sent */
	uint64_t cr3_loads;
	uint64_t invlpgs;	/* single pages invalidated, here or on request */
	uint64_t flushes;	/* whole TLB flushes other than by a CR3 load for a switch */
	uint64_t switches;	/* environments entered */
	uint64_t idle_ns;
	uint64_t lock_waits;	/* times the kernel lock was found taken */
	uint64_t timer_sets;
	uint64_t exits;		/* port and device-register accesses, which a hypervisor intercepts */
	uint32_t apic_id;
	uint32_t running;	/* 1 once started */
	uint64_t since;		/* ns: until when idle_ns and exo_slice.used hold; what came after is... */
	uint32_t serving;	/* ...of this slot of its slice vector, counted from 1; 0: idle */
	uint32_t zero0;
	uint64_t barriers;	/* times an environment of another account than the last was entered */
};
_Static_assert(sizeof(struct exo_cpu_info) == 128, "abi");
_Static_assert(EXO_INFO_CPUS_AT + EXO_CPU_MAX * sizeof(struct exo_cpu_info)
	       <= EXO_INFO_FRAMES * EXO_PAGE_SIZE, "abi");

enum exo_frame_type {
	EXO_FRAME_ABSENT = 0,	/* not RAM, or the kernel's for good */
	EXO_FRAME_FREE = 1,
	EXO_FRAME_DATA = 2,	/* an account's, for it to map */
	EXO_FRAME_INFO = 3,	/* the kernel's, for others to read */
	EXO_FRAME_TABLE1 = 4,	/* page tables by level */
	EXO_FRAME_TABLE2 = 5,
	EXO_FRAME_TABLE3 = 6,
	EXO_FRAME_TABLE4 = 7,
	EXO_FRAME_CAPS = 8,	/* a page of capability slots */
	EXO_FRAME_ENV = 9,	/* an environment's object */
	EXO_FRAME_ACCOUNT = 10,	/* an account's object */
};

/* Whose a physical frame is, and what. */
struct exo_frame_state {
	uint32_t account;	/* frame of the owner's object; of a free frame: the last owner's, 0 if none */
	uint32_t generation;	/* raised when an object in it is destroyed: old names die */
	uint8_t type;		/* enum exo_frame_type */
	uint8_t going;		/* not 0: it is being taken, by an account that has going - 1 above it; no more uses */
	uint16_t wired;		/* uses by the kernel or a device that forbid any change */
	uint32_t maps;		/* mappings of it in all page tables; of a page table: entries in
				   use; CAPS: the environment's object */
};
_Static_assert(sizeof(struct exo_frame_state) == 16, "abi");

/* One slot of a CPU's slice vector. */
struct exo_slice {
	uint32_t env;		/* frame of the environment's object; 0: empty */
	uint16_t index;		/* which activation of it */
	uint16_t cap_slot;	/* the CPU capability it was filled under: slot cap_slot ... */
	uint32_t cap_frame;	/* ...of this frame of slots; 0: the kernel's */
	uint32_t ns;		/* how long at a time */
	uint32_t most;		/* the longest that who may not set lengths may take */
	int32_t credit;		/* ns it may still run this turn; below 0: overrun to be paid */
	uint64_t used;		/* ns that this slot was served for, since the start */
};
_Static_assert(EXO_SLICE_MAX * sizeof(struct exo_slice) <= EXO_PAGE_SIZE, "abi");

/* An account, at the start of the frame that is its object: readable for whoever
 * has a FRAMES capability of the account above over it.  All counts are frames. */
struct exo_account {
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t depth;		/* 0: the first */
	uint64_t parent;	/* frame of the account above it, or 0 */
	uint64_t used;		/* its own and those of accounts below it */
	uint64_t limit;		/* no more are given to it */
	uint64_t guaranteed;	/* below so many used none is taken from it */
	uint64_t left;		/* free frames that were its last: cleared for whoever is next */
	uint64_t children;	/* accounts directly below it */
};

#endif
