//! esia
