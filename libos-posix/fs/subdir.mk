# subdir.mk - processes, descriptors and files of libos-posix: what it consists of.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/, \
            $(addprefix env/,alloc.c arena.c process.c wait.c) \
            $(addprefix fd/,address.c ancillary.c anon.c claim.c connect.c console.c control.c epoll.c \
            epoll_wait.c eventfd.c flight.c inherit.c ioctl.c io.c iov.c message.c mqueue.c mqueue_message.c mqueue_notify.c openpty.c option.c \
            pipe.c poll.c ptmx.c pty.c queue.c receive.c record.c seek.c send.c socket.c splice.c table.c terminal.c \
            timerfd.c transfer.c transmit.c tty.c ttyname.c vector.c) \
            $(addprefix fs/,attributes.c device.c dir.c entries.c magic.c may.c mem_dir.c mem_file.c mem_node.c names.c \
            open.c packed.c path.c proc.c proc_text.c root.c seal.c shared.c space.c special.c statx.c))
