/* seed.h - random numbers for the first environment, while boot lasts.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BOOT_SEED_H
#define BOOT_SEED_H

#include <exo/start.h>
#include <stdbool.h>
#include <util/pool.h>

#define SEED_BYTES POOL_BYTES

extern enum exo_seed seed_source;

void seed_make(void);     /* choose the source, say which */
void seed_take(void *to); /* SEED_BYTES */
uint64_t seed_word(void);

/* virtio_rng.c: SEED_BYTES from the first entropy device that gives them.
 * Afterwards the device is reset and no bus master any more. */
bool virtio_rng(uint8_t to[SEED_BYTES]);

/* pci.c.  `at` names a function as the configuration port does: bus, device and
 * function in bits 23 to 8. */
uint32_t pci_read(uint32_t at, uint32_t reg);
void pci_write(uint32_t at, uint32_t reg, uint32_t v);
uint64_t pci_bar(uint32_t at, uint32_t n); /* memory; 0: it has none, or no address */

/* Each function that bridges lead to, until look() says true; then true. */
bool pci_each(bool (*look)(uint32_t at, uint32_t id));

#endif
