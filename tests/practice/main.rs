//! Practice against the world: the reference scheduler.

mod reference;
