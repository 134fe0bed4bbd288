;; Emacs without a screen: a fault is shown, its fix applied, a state renamed, and the file written. -*- lexical-binding: t -*-

(require 'eglot)

(setq eglot-confirm-server-initiated-edits nil
      make-backup-files nil
      create-lockfiles nil)

(add-to-list 'eglot-server-programs
             `((js-mode js-json-mode json-mode) . (,(getenv "BUCKETBOOK") "lsp")))

(defun wait-until (what holds)
  "Wait twenty seconds at most until HOLDS gives something, or fail with WHAT."
  (let ((left 200) found)
    (while (and (not (setq found (funcall holds))) (> left 0))
      (accept-process-output nil 0.1)
      (setq left (1- left)))
    (or found (error "It never came: %s" what))))

(find-file "m.asl.json")
(apply #'eglot--connect (eglot--guess-contact))
(wait-until "the server" #'eglot-managed-p)
(flymake-start)
(wait-until "a diagnostic" #'flymake-diagnostics)

(search-forward "Coment")
(let* ((actions (append (eglot-code-actions (1- (point)) (1- (point))) nil))
       (preferred (seq-find (lambda (action) (eq t (plist-get action :isPreferred))) actions)))
  (eglot--apply-workspace-edit (plist-get preferred :edit)))

;; What a pause in typing does, which there is none of here.
(eglot--signal-textDocument/didChange)

(goto-char (point-min))
(search-forward "\"B\": {")
(backward-char 4)
(eglot-rename "Last")
(save-buffer)
(eglot-shutdown (eglot-current-server))
