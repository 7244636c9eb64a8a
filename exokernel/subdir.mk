# empty until the kernel lands
kernel: ## the kernel
.PHONY: kernel
