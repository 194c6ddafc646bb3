//! Where strings and lists live that belong to one decision. Everything in it is freed at once, so values can be
//! copied about as plain references.

/// An arena.
#[cfg(not(feature = "hook"))]
#[derive(Default)]
pub struct Arena(bumpalo::Bump);

#[cfg(not(feature = "hook"))]
impl Arena {
    /// Keeps a text.
    pub fn text(&self, text: String) -> &str {
        self.0.alloc_str(&text)
    }

    /// Keeps a list.
    pub fn list<T: Copy>(&self, list: Vec<T>) -> &[T] {
        self.0.alloc_slice_copy(&list)
    }

    /// Keeps the end of a list, which is cut off.
    pub fn tail<T: Copy>(&self, list: &mut Vec<T>, from: usize) -> &[T] {
        let kept = self.0.alloc_slice_copy(list.get(from..).unwrap_or(&[]));
        list.truncate(from);
        kept
    }
}

/// The paste-in file decides once in a process that ends: there nothing needs to be freed.
#[cfg(feature = "hook")]
#[derive(Default)]
pub struct Arena(());

#[cfg(feature = "hook")]
impl Arena {
    /// Keeps a text.
    pub fn text(&self, text: String) -> &str {
        text.leak()
    }

    /// Keeps a list.
    pub fn list<T: Copy>(&self, list: Vec<T>) -> &[T] {
        list.leak()
    }

    /// Keeps the end of a list, which is cut off.
    pub fn tail<T: Copy>(&self, list: &mut Vec<T>, from: usize) -> &[T] {
        list.split_off(from).leak()
    }
}
